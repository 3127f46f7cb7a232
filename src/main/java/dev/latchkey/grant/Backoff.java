package dev.latchkey.grant;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses that double from the first to the longest, give or take a fifth: what failed together does not come back together. */
public record Backoff(Duration first, Duration longest) {

    private static final int MOST_DOUBLINGS = 20;
    private static final double JITTER = 0.2;

    public Duration pause(int doublings) {
        var pause = first.multipliedBy(1L << Math.min(doublings, MOST_DOUBLINGS));
        return jittered(pause.compareTo(longest) > 0 ? longest : pause);
    }

    /** At least as long as was asked for. */
    public Duration pause(int doublings, Duration asked) {
        var pause = pause(doublings);
        return asked.compareTo(pause) > 0 ? asked.plus(jittered(first)) : pause;
    }

    private static Duration jittered(Duration pause) {
        return Duration.ofMillis(
                (long) (pause.toMillis() * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER)));
    }
}
