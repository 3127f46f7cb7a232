package dev.latchkey.limit;

import java.time.Duration;

/**
 * A bucket of tokens: {@code limit} of them when it is full, and one more after each {@code interval} until it is full again. In any span
 * it admits at most its limit and what comes back in that span.
 *
 * @param interval whole microseconds, from 1 to 1 day
 */
public record TokenBucket(String name, long limit, Duration interval) implements Policy {

    private static final Duration LONGEST = Duration.ofDays(1);

    public TokenBucket {
        Policy.check(name, limit);
        if (limit < 1) {
            throw new IllegalArgumentException("A bucket holds something");
        }
        if (interval.toNanos() % 1000 != 0 || !interval.isPositive() || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("Not a bucket's interval: " + interval);
        }
        if (limit * (double) interval.toNanos() / 1000 > LARGEST) {
            throw new IllegalArgumentException("A bucket that takes so long to fill: " + limit + " times " + interval);
        }
    }

    @Override
    public Duration length() {
        return interval.multipliedBy(limit);
    }

    public long intervalMicros() {
        return interval.toNanos() / 1000;
    }
}
