package dev.latchkey.limit;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * One window of a limit: at most {@code limit} units in any span of {@code length}.
 *
 * @param name how headers and answers call it: small letters, digits, {@code _} and {@code -}
 * @param limit from 0, which admits nothing, to 999 999 999 999 999, the largest integer of RFC 9651
 * @param length whole milliseconds, at most 400 days; the same name with another length is another window, which starts empty
 */
public record Window(String name, long limit, Duration length) {

    static final long LARGEST = 999_999_999_999_999L;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
    private static final Duration LONGEST = Duration.ofDays(400);

    public Window {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not a window's name: " + name);
        }
        if (limit < 0 || limit > LARGEST) {
            throw new IllegalArgumentException("Not a limit: " + limit);
        }
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

    /** What tells this window from the others of a subject. */
    String id() {
        return name + ':' + length.toMillis();
    }

    long lengthMicros() {
        return length.toMillis() * 1000;
    }

    /** The state to report, from the three numbers that a decision yields for each window. */
    WindowState state(long used, long microsUntilNextIsFree, long microsUntilCostFits) {
        return new WindowState(
                name,
                limit,
                length,
                Math.max(0, limit - used),
                secondsRoundedUp(microsUntilNextIsFree),
                secondsRoundedUp(microsUntilCostFits));
    }

    private static long secondsRoundedUp(long micros) {
        return Math.ceilDiv(micros, 1_000_000);
    }
}
