package dev.latchkey.limit;

import java.time.Duration;

/**
 * How one window stands after a decision.
 *
 * @param remaining units left; never negative, also after the limit was lowered
 * @param resetSeconds until the next unit is given back, rounded up; 0 when the window is unused, as there is nothing to wait for
 * @param waitSeconds until this window would admit what it refused, rounded up; the window's length when the cost is above the limit
 *     itself, and 0 when it did not refuse
 */
public record WindowState(
        String name, long limit, Duration length, long remaining, long resetSeconds, long waitSeconds) {

    boolean refused() {
        return waitSeconds > 0;
    }
}
