package dev.latchkey.platform.cache;

import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last changes that this replica read from the stream, by epoch. */
final class ChangeRing {

    static final int SIZE = 10_000;
    static final int KEYS_MAX = 1000;

    private final @Nullable Change[] ring = new Change[SIZE];
    // Those after the floor, up to the last one, are here, without a gap.
    private long floor;
    private long last;

    /** Nothing before is known. */
    synchronized void restart(long epoch) {
        floor = epoch;
        last = epoch;
    }

    /** The next one: its epoch is one more than that of the one before. */
    synchronized void add(InvalidationStream.Entry entry) {
        last = entry.epoch();
        ring[place(last)] = entry.change();
        floor = Math.max(floor, last - SIZE);
    }

    synchronized long last() {
        return last;
    }

    /** What changed after the epoch, and is for who asks: at most {@link #KEYS_MAX} keys, and the epoch up to which that is all. */
    synchronized ChangeFeed.Changes after(long epoch, ChangeFeed.Question question) {
        if (epoch < floor || epoch > last) {
            return new ChangeFeed.Changes(last, true, List.of());
        }
        var keys = new LinkedHashSet<String>();
        for (var at = epoch + 1; at <= last; at++) {
            var change = ring[place(at)];
            if (change == null || question.wholesale().contains(change.cache())) {
                return new ChangeFeed.Changes(last, true, List.of());
            }
            if (change.cache().equals(question.cache()) && change.isFor(question.who())) {
                keys.add(change.key());
                if (keys.size() == KEYS_MAX) {
                    return new ChangeFeed.Changes(at, false, List.copyOf(keys));
                }
            }
        }
        return new ChangeFeed.Changes(last, false, List.copyOf(keys));
    }

    private static int place(long epoch) {
        return (int) (epoch % SIZE);
    }
}
