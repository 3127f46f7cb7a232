package dev.latchkey.usage;

import dev.latchkey.usage.UsageStream.Entry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Moves entries from the stream to PostgreSQL: read, write, acknowledge. Whatever fails in between leaves the entries in hand,
 * and if the process ends, in the stream, where another consumer claims them; what was written already is not counted again.
 */
final class EventMover {

    private static final Logger LOG = Logger.getLogger(EventMover.class);

    private final EventStore store;
    private final Duration claimAfter;
    private final Duration forgetConsumerAfter;
    private final EventCodec codec = new EventCodec();
    private List<Entry> inHand = List.of();
    private long claimedAt = System.nanoTime();

    EventMover(EventStore store, Duration claimAfter, Duration forgetConsumerAfter) {
        this.store = store;
        this.claimAfter = claimAfter;
        this.forgetConsumerAfter = forgetConsumerAfter;
    }

    /**
     * Moves the next entries, if any come within half a second.
     *
     * @throws SQLException if PostgreSQL is away; the next step tries the same entries again
     */
    void step(UsageStream stream) throws SQLException {
        if (inHand.isEmpty()) {
            inHand = isTimeToClaim() ? claim(stream) : stream.read();
        }
        if (!inHand.isEmpty()) {
            write(stream, inHand);
            stream.acknowledge(inHand);
            inHand = List.of();
        }
    }

    private List<Entry> claim(UsageStream stream) {
        stream.sweep(forgetConsumerAfter);
        return stream.claim(claimAfter);
    }

    private void write(UsageStream stream, List<Entry> entries) throws SQLException {
        var events = new ArrayList<UsageEvent>();
        var origins = new HashMap<UsageEvent, Entry>();
        var dead = new HashMap<Entry, String>();
        for (var entry : entries) {
            try {
                var event = codec.decode(entry.body());
                events.add(event);
                origins.put(event, entry);
            } catch (IllegalArgumentException e) {
                dead.put(entry, "It is no event: " + e.getMessage());
            }
        }
        for (var refused : store.add(events)) {
            dead.put(origins.get(refused.event()), refused.reason());
        }
        bury(stream, dead);
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
