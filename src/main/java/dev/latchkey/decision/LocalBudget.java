package dev.latchkey.decision;

import dev.latchkey.limit.Budget;
import dev.latchkey.limit.Policy;
import dev.latchkey.limit.Slots;
import dev.latchkey.limit.TokenBucket;
import dev.latchkey.limit.Window;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of one budget and the algorithm of the scripts in {@code lua}, as a plain object: the two take the same decisions. Times are
 * microseconds from any start. Not safe for use by several threads.
 */
final class LocalBudget {

    private List<Policy> shape;
    private final CellWindow[] windows;
    private final double[] full;
    // By id, when each lease ends.
    private final Map<String, Long> slots = new HashMap<>();
    private final long cell;
    private final long longest;
    private long seen;
    private long shift;
    // The open cell, which all windows share.
    private long first;
    private long last;
    private long units;
    private long now;
    private long clock;

    LocalBudget(Budget budget) {
        shape = budget.policies();
        windows = shape.stream()
                .filter(Window.class::isInstance)
                .map(policy -> new CellWindow(((Window) policy).lengthMicros()))
                .toArray(CellWindow[]::new);
        full = new double
                [(int) shape.stream().filter(TokenBucket.class::isInstance).count()];
        var shortest = Long.MAX_VALUE;
        var widest = 0L;
        for (var window : windows) {
            shortest = Math.min(shortest, window.length);
            widest = Math.max(widest, window.length);
        }
        cell = Math.ceilDiv(shortest, CellWindow.CELLS_PER_WINDOW);
        longest = widest;
    }

    /** Goes on with the limits of this budget, which is of the same shape. */
    void follow(Budget budget) {
        shape = budget.policies();
    }

    Duration longest() {
        return Duration.of(longest, ChronoUnit.MICROS);
    }

    /** Gives back what is due. A time before the last admission continues from there: nothing is given back early. */
    void moveTo(long time) {
        clock = time;
        now = time + shift;
        if (now < seen) {
            shift = seen - time;
            now = seen;
        }
        slots.values().removeIf(end -> end <= time);
        if (last + longest <= now) {
            forgetWindows();
            return;
        }
        if (units > 0 && now - first >= cell) {
            for (var window : windows) {
                window.fold(first, last, units, now);
            }
            units = 0;
        }
        for (var window : windows) {
            window.dropExpired(now);
        }
    }

    private void forgetWindows() {
        for (var window : windows) {
            window.clear();
        }
        units = 0;
        if (shift != 0 && full.length == 0) {
            shift = 0;
            seen = 0;
            last = 0;
            now = clock;
        }
    }

    /** @param delay after which time at most the units are used; they are given back so much later */
    void take(long cost, long delay) {
        if (windows.length > 0) {
            first = units == 0 ? now : first;
            units += cost;
            last = Math.max(last, now + delay);
        }
        var bucket = 0;
        for (var policy : shape) {
            switch (policy) {
                case Window window -> {}
                case TokenBucket tokens -> {
                    full[bucket] =
                            Math.max(full[bucket], (double) now + delay) + (double) cost * tokens.intervalMicros();
                    bucket++;
                }
                case Slots held -> {}
            }
        }
        seen = now;
    }

    /** Holds a slot under this id, if there are slots. */
    void hold(String slot) {
        if (!shape.isEmpty() && shape.getLast() instanceof Slots held) {
            slots.put(slot, clock + held.lengthMicros());
        }
    }

    /** Whether the slot was held. */
    boolean release(String slot) {
        return slots.remove(slot) != null;
    }

    private long soonestEnd() {
        return Collections.min(slots.values());
    }

    /** @param at the policy's place */
    long used(int at) {
        return switch (shape.get(at)) {
            case Window window -> used(windows[at]);
            case TokenBucket bucket -> (long) Math.ceil(debt(at) / bucket.intervalMicros());
            case Slots held -> slots.size();
        };
    }

    /** Microseconds until the next unit is given back; 0 when none is in use. */
    long untilNextIsFree(int at) {
        if (used(at) == 0) {
            return 0;
        }
        return switch (shape.get(at)) {
            case Window window ->
                (windows[at].closed() > 0 ? windows[at].oldestEnds() : last + windows[at].length) - now;
            case TokenBucket bucket -> (long) (debt(at) - (double) (used(at) - 1) * bucket.intervalMicros());
            case Slots held -> soonestEnd() - clock;
        };
    }

    /** Microseconds until the policy, of that shape, admits the cost; {@link Policy#NEVER_MICROS} if it never does; 0 if it does now. */
    long untilFits(int at, Policy policy, long cost) {
        return switch (policy) {
            case Window window -> untilWindowFits(at, window.limit(), cost);
            case TokenBucket bucket -> untilBucketFits(at, bucket, cost);
            case Slots held ->
                cost == 0 || used(at) < held.limit()
                        ? 0
                        : held.limit() == 0 || slots.isEmpty() ? Policy.NEVER_MICROS : soonestEnd() - clock;
        };
    }

    private long untilWindowFits(int at, long limit, long cost) {
        var missing = used(at) + cost - limit;
        if (cost == 0 || missing <= 0) {
            return 0;
        }
        if (cost > limit) {
            return Policy.NEVER_MICROS;
        }
        var ends = windows[at].endsOf(missing);
        return (ends < 0 ? last + windows[at].length : ends) - now;
    }

    private long untilBucketFits(int at, TokenBucket bucket, long cost) {
        var interval = (double) bucket.intervalMicros();
        var over = debt(at) + cost * interval - bucket.limit() * interval;
        if (cost == 0 || over <= 0) {
            return 0;
        }
        return cost > bucket.limit() ? Policy.NEVER_MICROS : (long) over;
    }

    private long used(CellWindow window) {
        return window.closed() + (units > 0 && last + window.length > now ? units : 0);
    }

    private double debt(int at) {
        return Math.max(full[at - windows.length] - now, 0);
    }
}
