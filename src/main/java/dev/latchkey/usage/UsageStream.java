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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stream of events and chunks that are not yet in PostgreSQL, as a consumer sees it: over a connection of the consumer's own, because it waits there for
 * entries. Every call blocks, and fails when Redis is away. An entry is an event in {@code e}, or a chunk in {@code k}, with what was decided
 * about its uses in {@code o} unless they tell it themselves.
 */
final class UsageStream implements AutoCloseable {

    /** One entry, its fields as they came: a chunk is no text. */
    record Entry(String id, Map<String, byte[]> fields) {

        /** Empty if there is no such field. */
        String text(String field) {
            var value = fields.get(field);
            return value == null ? "" : new String(value, UTF_8);
        }

        private int size() {
            return fields.values().stream().mapToInt(value -> value.length).sum();
        }
    }

    /** The end of its key in each partition. */
    static final String END = "usage";

    static final int BATCH_MAX = 500;
    static final String EVENT = "e";
    static final String CHUNK = "k";
    static final String OUTCOMES = "o";

    // What is taken at once: enough for uses to fold, and not more than some 50 000 of them.
    private static final int PAGE = 200;
    private static final int ENTRIES_MAX = 2000;
    private static final int BYTES_MAX = 3_000_000;

    private static final String GROUP = "latchkey";
    /** How long a consumer may wait for entries. */
    static final Duration WAIT = Duration.ofMillis(500);

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int DEAD_MAX = 10_000;

    private final RedisConnection connection;
    private final String key;
    private final String consumer;
    private final Duration wait;
    private final String groupScript = script("usage-group.lua");
    private final String acknowledgeScript = script("usage-acknowledge.lua");
    private final String sweepScript = script("usage-sweep.lua");

    private UsageStream(RedisConnection connection, String key, String consumer, Duration wait) {
        this.connection = connection;
        this.key = key;
        this.consumer = consumer;
        this.wait = wait;
    }

    /** The command that appends an event. */
    static Request append(String key, String body) {
        return Request.cmd(Command.XADD).arg(key).arg("*").arg(EVENT).arg(body);
    }

    /** The command that appends a chunk whose uses tell their status. */
    static Request append(String key, byte[] chunk) {
        return Request.cmd(Command.XADD).arg(key).arg("*").arg(CHUNK).arg(chunk);
    }

    /**
     * Connects, and makes the group where it is missing: at first, and after Redis was emptied.
     *
     * @param wait for the first entry of a reading
     */
    static UsageStream connect(Redis redis, String key, String consumer, Duration wait) {
        var stream = new UsageStream(redis.connect().await().atMost(TIMEOUT), key, consumer, wait);
        try {
            stream.makeGroup();
            return stream;
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    /** The stream with that key, over the connection of this one, and so for the same thread. */
    UsageStream beside(String otherKey) {
        var stream = new UsageStream(connection, otherKey, consumer, wait);
        stream.makeGroup();
        return stream;
    }

    /** New entries, of which this consumer is now in charge, as many as may be in hand; waits for the first one. */
    List<Entry> read() {
        var entries = new ArrayList<Entry>();
        var page = readPage("BLOCK", wait.toMillis());
        entries.addAll(page);
        while (page.size() == PAGE && !isFull(entries)) {
            page = readPage();
            entries.addAll(page);
        }
        return entries;
    }

    private List<Entry> readPage(Object... wait) {
        var request = command(Command.XREADGROUP, "GROUP", GROUP, consumer, "COUNT", PAGE);
        for (var word : wait) {
            request.arg(word.toString());
        }
        var streams = send(request.arg("STREAMS").arg(key).arg(">"));
        var entries = new ArrayList<Entry>();
        if (streams != null) {
            streams.forEach(stream -> entries.addAll(entries(stream.get(1))));
        }
        return entries;
    }

    /** Whether no more should be taken in hand. */
    static boolean isFull(List<Entry> entries) {
        return entries.size() >= ENTRIES_MAX
                || entries.stream().mapToInt(Entry::size).sum() >= BYTES_MAX;
    }

    /** Entries that a consumer took that long ago and did not move, of which this one is in charge from now on. */
    List<Entry> claim(Duration after) {
        var entries = new ArrayList<Entry>();
        var cursor = "0-0";
        do {
            var claimed =
                    send(command(Command.XAUTOCLAIM, key, GROUP, consumer, after.toMillis(), cursor, "COUNT", PAGE));
            if (claimed == null) {
                break;
            }
            cursor = claimed.get(0).toString();
            entries.addAll(entries(claimed.get(1)));
        } while (!cursor.equals("0-0") && !isFull(entries));
        return entries;
    }

    /** Ends the life of entries that are in PostgreSQL, or buried. */
    void acknowledge(List<Entry> entries) {
        var request = command(Command.EVAL, acknowledgeScript, 1, key, GROUP);
        entries.forEach(entry -> request.arg(entry.id()));
        send(request);
    }

    /** Keeps a copy of an entry that cannot be moved, among the last 10 000 of them. */
    void bury(Entry entry, String reason) {
        var request =
                command(Command.XADD, key + ":dead", "MAXLEN", "~", DEAD_MAX, "*", "id", entry.id(), "reason", reason);
        entry.fields().forEach((field, value) -> request.arg(field).arg(value));
        send(request);
    }

    /** Removes the names of consumers that gave no sign of life for that long, unless entries are still theirs. */
    void sweep(Duration idle) {
        send(command(Command.EVAL, sweepScript, 1, key, GROUP, idle.toMillis()));
    }

    /** How many entries are not yet moved. */
    long length() {
        var length = send(command(Command.XLEN, key));
        return length == null ? 0 : length.toLong();
    }

    /** Ends the connection, for the streams beside this one too. */
    @Override
    public void close() {
        connection.closeAndForget();
    }

    private void makeGroup() {
        send(command(Command.EVAL, groupScript, 1, key, GROUP));
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
                entries.add(new Entry(entry.get(0).toString(), fields(entry.get(1))));
            }
        }
        return entries;
    }

    private static Map<String, byte[]> fields(Response flat) {
        var fields = new LinkedHashMap<String, byte[]>();
        for (var i = 0; i + 1 < flat.size(); i += 2) {
            fields.put(flat.get(i).toString(), flat.get(i + 1).toBytes());
        }
        return fields;
    }

    private static String script(String name) {
        try (var resource = UsageStream.class.getResourceAsStream("/lua/" + name)) {
            return new String(Objects.requireNonNull(resource).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
