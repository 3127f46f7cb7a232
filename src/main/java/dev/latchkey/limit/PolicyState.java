package dev.latchkey.limit;

import java.time.Duration;

/**
 * How one policy stands after a decision.
 *
 * @param unit what it counts: requests, or calls under way
 * @param remaining units left; never negative, also after the limit was lowered
 * @param resetSeconds until the next unit is given back, rounded up; 0 when none is in use, as there is nothing to wait for
 * @param waitSeconds until this policy would admit what it refused, rounded up; {@link #NEVER} when the cost is above the limit itself,
 *     and 0 when it did not refuse
 */
public record PolicyState(
        String name,
        Policy.Unit unit,
        long limit,
        Duration length,
        long remaining,
        long resetSeconds,
        long waitSeconds) {

    static final long NEVER = Long.MAX_VALUE;

    /** The same policy at another moment. */
    public PolicyState with(long remainingNow, long resetSecondsNow) {
        return new PolicyState(name, unit, limit, length, remainingNow, resetSecondsNow, waitSeconds);
    }

    boolean refused() {
        return waitSeconds > 0;
    }
}
