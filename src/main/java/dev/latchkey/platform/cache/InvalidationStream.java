package dev.latchkey.platform.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Redis stream of invalidations, over one connection of its own. Every call blocks, and fails when Redis is away. */
final class InvalidationStream implements AutoCloseable {

    /** One change. {@code epoch} is one more than that of the entry before. */
    record Entry(String id, long epoch, Change change) {}

    /** The last entry that was read; {@code 0-0} and 0 before the first one. */
    record Position(String id, long epoch) {}

    /** Whoever reads as many entries has not read all. */
    static final int MOST_AT_ONCE = 500;

    private static final String EPOCH = "{latchkey:invalidations}:epoch";
    private static final String STREAM = "{latchkey:invalidations}:stream";
    private static final Duration BLOCK = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofMillis(600);

    private final RedisConnection connection;
    private final String script;

    private InvalidationStream(RedisConnection connection) {
        this.connection = connection;
        this.script = script();
    }

    static InvalidationStream connect(Redis redis) {
        return new InvalidationStream(redis.connect().await().atMost(TIMEOUT));
    }

    void append(List<Change> changes) {
        var request = Request.cmd(Command.EVAL).arg(script).arg(2).arg(EPOCH).arg(STREAM);
        changes.forEach(change -> request.arg(change.cache()).arg(change.key()).arg(change.audience()));
        send(request);
    }

    /** Fails when Redis is away. */
    void check() {
        send(Request.cmd(Command.PING));
    }

    Position last() {
        var newest = send(Request.cmd(Command.XREVRANGE)
                .arg(STREAM)
                .arg("+")
                .arg("-")
                .arg("COUNT")
                .arg(1));
        var entries = entries(newest);
        return entries.isEmpty()
                ? new Position("0-0", epoch())
                : new Position(entries.getFirst().id(), entries.getFirst().epoch());
    }

    /** What came after the position; waits up to 200 ms for it. */
    List<Entry> after(Position position) {
        var answer = send(Request.cmd(Command.XREAD)
                .arg("COUNT")
                .arg(MOST_AT_ONCE)
                .arg("BLOCK")
                .arg(BLOCK.toMillis())
                .arg("STREAMS")
                .arg(STREAM)
                .arg(position.id()));
        var entries = new ArrayList<Entry>();
        if (answer != null) {
            // By stream: a map in RESP3 and a list of pairs in RESP2, which are walked alike.
            answer.forEach(stream -> entries.addAll(entries(stream.get(1))));
        }
        return entries;
    }

    /** How many changes were ever announced; 0 again after Redis was emptied. */
    long epoch() {
        var epoch = send(Request.cmd(Command.GET).arg(EPOCH));
        return epoch == null ? 0 : epoch.toLong();
    }

    @Override
    public void close() {
        connection.closeAndForget();
    }

    private @Nullable Response send(Request request) {
        return connection.send(request).await().atMost(TIMEOUT);
    }

    private static List<Entry> entries(@Nullable Response answer) {
        var entries = new ArrayList<Entry>();
        for (var i = 0; answer != null && i < answer.size(); i++) {
            var fields = answer.get(i).get(1);
            entries.add(new Entry(
                    answer.get(i).get(0).toString(),
                    fields.get(1).toLong(),
                    new Change(
                            fields.get(3).toString(),
                            fields.get(5).toString(),
                            // Earlier versions do not write it.
                            fields.size() > 7 ? fields.get(7).toString() : Change.ALL)));
        }
        return entries;
    }

    private static String script() {
        try (var resource = InvalidationStream.class.getResourceAsStream("/lua/invalidate.lua")) {
            return new String(java.util.Objects.requireNonNull(resource).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
