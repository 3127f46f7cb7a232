package dev.latchkey.limit;

import java.time.Duration;

/**
 * How many calls may be under way at once. Each takes a slot until it is given back, and at most until its lease of {@code length} ends. A
 * cost above 1 takes one slot.
 *
 * @param length whole milliseconds, at most a day
 */
public record Slots(String name, long limit, Duration length) implements Policy {

    private static final Duration LONGEST = Duration.ofDays(1);

    public Slots {
        Policy.check(name, limit);
        if (length.toMillis() < 1 || length.toNanosPart() % 1_000_000 != 0 || length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("Not a slot's lease: " + length);
        }
    }

    @Override
    public Unit unit() {
        return Unit.CONCURRENT_REQUESTS;
    }

    public long lengthMicros() {
        return length.toMillis() * 1000;
    }
}
