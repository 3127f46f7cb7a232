package dev.latchkey.usage;

import dev.latchkey.chunk.ChunkCodec;
import dev.latchkey.chunk.DecidedChunk;
import dev.latchkey.chunk.Outcome;
import dev.latchkey.usage.UsageStream.Entry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;

/**
 * Moves entries from the stream to PostgreSQL: read, write, acknowledge. Whatever fails in between leaves the entries in hand,
 * and if the process ends, in the stream, where another consumer claims them; what was written already is not counted again.
 */
final class EventMover {

    /** What a step has done, and whether there was more than it could take in hand. */
    record Moved(int entries, boolean isMore) {}

    private static final Logger LOG = Logger.getLogger(EventMover.class);

    private final EventStore store;
    private final ChunkStore chunks;
    private final Duration claimAfter;
    private final Duration forgetConsumerAfter;
    private final EventCodec codec = new EventCodec();
    private List<Entry> inHand = List.of();
    private long claimedAt = System.nanoTime();

    EventMover(EventStore store, ChunkStore chunks, Duration claimAfter, Duration forgetConsumerAfter) {
        this.store = store;
        this.chunks = chunks;
        this.claimAfter = claimAfter;
        this.forgetConsumerAfter = forgetConsumerAfter;
    }

    /**
     * Moves the next entries, if any come while the stream waits for them.
     *
     * @throws SQLException if PostgreSQL is away; the next step tries the same entries again
     */
    Moved step(UsageStream stream) throws SQLException {
        if (inHand.isEmpty()) {
            inHand = isTimeToClaim() ? claim(stream) : stream.read();
        }
        var moved = new Moved(inHand.size(), UsageStream.isFull(inHand));
        if (!inHand.isEmpty()) {
            write(stream, inHand);
            stream.acknowledge(inHand);
            inHand = List.of();
        }
        return moved;
    }

    private List<Entry> claim(UsageStream stream) {
        stream.sweep(forgetConsumerAfter);
        return stream.claim(claimAfter);
    }

    private void write(UsageStream stream, List<Entry> entries) throws SQLException {
        var events = new IdentityHashMap<UsageEvent, Entry>();
        var decided = new IdentityHashMap<DecidedChunk, Entry>();
        var dead = new HashMap<Entry, String>();
        for (var entry : entries) {
            try {
                if (entry.fields().containsKey(UsageStream.CHUNK)) {
                    decided.put(chunk(entry), entry);
                } else {
                    events.put(codec.decode(entry.text(UsageStream.EVENT)), entry);
                }
            } catch (IllegalArgumentException e) {
                dead.put(entry, "It is no event and no chunk: " + e.getMessage());
            }
        }
        for (var refused : store.add(events.keySet())) {
            dead.put(events.get(refused.event()), refused.reason());
        }
        for (var refused : chunks.add(decided.keySet())) {
            dead.put(decided.get(refused.chunk()), refused.reason());
        }
        bury(stream, dead);
    }

    private static DecidedChunk chunk(Entry entry) {
        var chunk = ChunkCodec.decode(Objects.requireNonNull(entry.fields().get(UsageStream.CHUNK)));
        return entry.fields().containsKey(UsageStream.OUTCOMES)
                ? new DecidedChunk(chunk, Outcome.parse(entry.text(UsageStream.OUTCOMES)))
                : DecidedChunk.of(chunk);
    }

    private static void bury(UsageStream stream, Map<Entry, String> dead) {
        dead.forEach((entry, reason) -> {
            stream.bury(entry, reason);
            LOG.errorf("Usage entry %s cannot be counted and was moved to the dead ones. %s", entry.id(), reason);
        });
    }

    // Twice in the time after which entries count as left behind, so that none waits much longer than that.
    private boolean isTimeToClaim() {
        var now = System.nanoTime();
        if (now - claimedAt < claimAfter.toNanos() / 2) {
            return false;
        }
        claimedAt = now;
        return true;
    }
}
