package dev.latchkey.lease;

import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.PolicyState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop holds of one budget: the units that it took, and the next ones when the first run out. For one thread; times are
 * nanoseconds from any start.
 */
final class Lease {

    /** The fewest units that are taken at once. */
    static final long LEAST = 16;

    static final long LOOK = 0;
    static final long NOTHING = -1;

    static final Duration LIFE = Duration.ofSeconds(2);

    // Of what is left in a window, one lease takes one part in so many.
    private static final long SHARE = 50;
    private static final long PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMinutes(1).toNanos();
    private static final long NANOS = 1_000_000_000;

    /** Units that may be used until a time. */
    private static final class Units {
        private final long granted;
        private final long endsAt;
        private long left;

        private Units(long granted, long endsAt) {
            this.granted = granted;
            this.endsAt = endsAt;
            this.left = granted;
        }

        private boolean isOver(long now) {
            return left == 0 || now - endsAt >= 0;
        }
    }

    private final boolean generous;
    private final Demand demand = new Demand();
    private @Nullable Units present;
    private @Nullable Units next;
    private List<PolicyState> states = List.of();
    private long statesAt;
    private boolean asking;
    // Whether the states may be gone by: they are looked at before units are taken.
    private boolean stale = true;
    private long notBefore;
    private long pause = PAUSE;

    Lease(Budget budget, long now) {
        this.generous = budget.policies().stream().allMatch(policy -> policy.limit() >= SHARE * LEAST);
        this.notBefore = now;
    }

    /** Takes the cost, which is above 0, out of what is held. Null if there is not as much. */
    @Nullable
    LimitDecision take(long cost, long now) {
        demand.add(cost, now);
        if (present == null || present.isOver(now)) {
            end(present, now);
            present = next;
            next = null;
        }
        var from = present;
        if (from == null || from.isOver(now) || from.left < cost) {
            return null;
        }
        from.left -= cost;
        return new LimitDecision(true, statesNow(now), DecidedBy.LEASE);
    }

    /** How many units to take out of Redis now; {@link #LOOK} to see what is left, {@link #NOTHING} mostly. Whoever asks tells what came of it. */
    long wish(long now) {
        if (!generous || asking || next != null || !demand.isSteady(now) || now - notBefore < 0 || isEnough(now)) {
            return NOTHING;
        }
        asking = true;
        if (stale || share() < LEAST || now - statesAt > LIFE.toNanos()) {
            return LOOK;
        }
        return Math.max(LEAST, Math.min(demand.perSecond(now), share()));
    }

    /**
     * @param decision about that many units
     * @param askedAt when they were asked for: the lease ends before Redis thinks that it does
     */
    void granted(LimitDecision decision, long units, long askedAt, long now) {
        asking = false;
        stale = decision.decidedBy() != DecidedBy.REDIS || !decision.allowed();
        if (!stale) {
            states = decision.policies();
            statesAt = now;
            next = units == LOOK ? null : new Units(units, askedAt + LIFE.toNanos());
        }
        if (stale || share() < LEAST) {
            // Where little is left each decision is exact. Later it is seen what there is then.
            notBefore = now + PAUSE;
        }
    }

    // What ends unused is lost for others: next time it takes longer.
    private void end(@Nullable Units ended, long now) {
        if (ended == null) {
            return;
        }
        if (ended.left * 2 > ended.granted) {
            notBefore = now + pause;
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        } else {
            pause = PAUSE;
        }
    }

    private boolean isEnough(long now) {
        return present != null && present.left * 4 > present.granted && present.endsAt - now > LIFE.toNanos() / 4;
    }

    private long share() {
        var least = Long.MAX_VALUE;
        for (var state : states) {
            least = Math.min(least, state.remaining());
        }
        return least / SHARE;
    }

    private List<PolicyState> statesNow(long now) {
        var held = (present == null ? 0 : present.left) + (next == null ? 0 : next.left);
        var elapsed = (now - statesAt) / NANOS;
        var adjusted = new ArrayList<PolicyState>(states.size());
        for (var state : states) {
            adjusted.add(state.with(state.remaining() + held, Math.max(1, state.resetSeconds() - elapsed)));
        }
        return adjusted;
    }
}
