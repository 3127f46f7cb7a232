package dev.latchkey.usage;

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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stream of events that are not yet in PostgreSQL, as a consumer sees it: over a connection of its own, because it waits there for
 * events. Every call blocks, and fails when Redis is away.
 */
final class UsageStream implements AutoCloseable {

    /** One entry; a body that is empty stands for an entry of another shape. */
    record Entry(String id, String body) {}

    static final String KEY = "latchkey:usage";
    static final int BATCH_MAX = 500;

    private static final String GROUP = "latchkey";
    private static final String FIELD = "e";
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int DEAD_MAX = 10_000;

    private final RedisConnection connection;
    private final String key;
    private final String consumer;
    private final String acknowledgeScript = script("usage-acknowledge.lua");
    private final String sweepScript = script("usage-sweep.lua");

    private UsageStream(RedisConnection connection, String key, String consumer) {
        this.connection = connection;
        this.key = key;
        this.consumer = consumer;
    }

    /** The command that appends an event. */
    static Request append(String key, String body) {
        return Request.cmd(Command.XADD).arg(key).arg("*").arg(FIELD).arg(body);
    }

    /** Connects, and makes the group where it is missing: at first, and after Redis was emptied. */
    static UsageStream connect(Redis redis, String key, String consumer) {
        var stream = new UsageStream(redis.connect().await().atMost(TIMEOUT), key, consumer);
        try {
            stream.makeGroup();
            return stream;
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    /** New entries, of which this consumer is now in charge; waits half a second for the first one. */
    List<Entry> read() {
        var streams =
                send(command(Command.XREADGROUP, "GROUP", GROUP, consumer, "COUNT", BATCH_MAX, "BLOCK", WAIT.toMillis())
                        .arg("STREAMS")
                        .arg(key)
                        .arg(">"));
        var entries = new ArrayList<Entry>();
        if (streams != null) {
            streams.forEach(stream -> entries.addAll(entries(stream.get(1))));
        }
        return entries;
    }

    /** Entries that a consumer took that long ago and did not move, of which this one is in charge from now on. */
    List<Entry> claim(Duration after) {
        var claimed =
                send(command(Command.XAUTOCLAIM, key, GROUP, consumer, after.toMillis(), "0", "COUNT", BATCH_MAX));
        return claimed == null ? List.of() : entries(claimed.get(1));
    }

    /** Ends the life of entries that are in PostgreSQL, or buried. */
    void acknowledge(List<Entry> entries) {
        var request = command(Command.EVAL, acknowledgeScript, 1, key, GROUP);
        entries.forEach(entry -> request.arg(entry.id()));
        send(request);
    }

    /** Keeps a copy of an entry that cannot be moved, among the last 10 000 of them. */
    void bury(Entry entry, String reason) {
        send(command(Command.XADD, key + ":dead", "MAXLEN", "~", DEAD_MAX, "*", "id", entry.id())
                .arg("reason")
                .arg(reason)
                .arg(FIELD)
                .arg(entry.body()));
    }

    /** Removes the names of consumers that gave no sign of life for that long, unless entries are still theirs. */
    void sweep(Duration idle) {
        send(command(Command.EVAL, sweepScript, 1, key, GROUP, idle.toMillis()));
    }

    /** How many events are not yet moved. */
    long length() {
        var length = send(command(Command.XLEN, key));
        return length == null ? 0 : length.toLong();
    }

    @Override
    public void close() {
        connection.closeAndForget();
    }

    private void makeGroup() {
        try {
            send(command(Command.XGROUP, "CREATE", key, GROUP, "0", "MKSTREAM"));
        } catch (RuntimeException e) {
            if (!String.valueOf(e.getMessage()).startsWith("BUSYGROUP")) {
                throw e;
            }
        }
    }

    private @Nullable Response send(Request request) {
        return connection.send(request).await().atMost(TIMEOUT);
    }

    private static Request command(Command command, Object... arguments) {
        var request = Request.cmd(command);
        for (var argument : arguments) {
            request.arg(argument.toString());
        }
        return request;
    }

    // Redis 6.2 claims deleted entries too, and shows them as nothing.
    private static List<Entry> entries(@Nullable Response answer) {
        var entries = new ArrayList<Entry>();
        for (var i = 0; answer != null && i < answer.size(); i++) {
            var entry = answer.get(i);
            if (entry != null) {
                entries.add(new Entry(entry.get(0).toString(), body(entry.get(1))));
            }
        }
        return entries;
    }

    private static String body(Response fields) {
        return fields.size() == 2 && fields.get(0).toString().equals(FIELD)
                ? fields.get(1).toString()
                : "";
    }

    private static String script(String name) {
        try (var resource = UsageStream.class.getResourceAsStream("/lua/" + name)) {
            return new String(Objects.requireNonNull(resource).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
