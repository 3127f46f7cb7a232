package dev.latchkey.limit;

import java.time.Duration;

/**
 * A sliding window: at most {@code limit} units in any span of {@code length}.
 *
 * @param limit from 0, which admits nothing, to {@link Policy#LARGEST}
 * @param length whole milliseconds, at most 400 days
 */
public record Window(String name, long limit, Duration length) implements Policy {

    private static final Duration LONGEST = Duration.ofDays(400);

    public Window {
        Policy.check(name, limit);
        if (length.toMillis() < 1 || length.toNanosPart() % 1_000_000 != 0 || length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("Not a window's length: " + length);
        }
    }

    public static Window minute(long limit) {
        return new Window("minute", limit, Duration.ofMinutes(1));
    }

    public static Window hour(long limit) {
        return new Window("hour", limit, Duration.ofHours(1));
    }

    public static Window day(long limit) {
        return new Window("day", limit, Duration.ofDays(1));
    }

    public long lengthMicros() {
        return length.toMillis() * 1000;
    }
}
