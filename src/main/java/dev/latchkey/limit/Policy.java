package dev.latchkey.limit;

import java.time.Duration;
import java.util.regex.Pattern;

/** One of the limits of a {@link Budget}. Its name is how headers and answers call it: small letters, digits, {@code _} and {@code -}. */
public sealed interface Policy permits Window, TokenBucket, Slots {

    /** The largest integer of RFC 9651. */
    long LARGEST = 999_999_999_999_999L;

    Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,31}");

    /** What a decision yields for a cost that never fits, as it is above the limit itself. */
    long NEVER_MICROS = Long.MAX_VALUE;

    /** What is counted; the words of the IETF draft "RateLimit header fields for HTTP". */
    enum Unit {
        REQUESTS,
        CONCURRENT_REQUESTS
    }

    String name();

    /** At most this many units. */
    long limit();

    /** In which time all of them are given back. */
    Duration length();

    default Unit unit() {
        return Unit.REQUESTS;
    }

    /** The state to report, from the three numbers that a decision yields for each policy. */
    default PolicyState state(long used, long microsUntilNextIsFree, long microsUntilCostFits) {
        return new PolicyState(
                name(),
                unit(),
                limit(),
                length(),
                Math.max(0, limit() - used),
                secondsRoundedUp(microsUntilNextIsFree),
                microsUntilCostFits == NEVER_MICROS ? PolicyState.NEVER : secondsRoundedUp(microsUntilCostFits));
    }

    private static long secondsRoundedUp(long micros) {
        return Math.ceilDiv(micros, 1_000_000);
    }

    /** @throws IllegalArgumentException naming what cannot be */
    static void check(String name, long limit) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not a policy's name: " + name);
        }
        if (limit < 0 || limit > LARGEST) {
            throw new IllegalArgumentException("Not a limit: " + limit);
        }
    }
}
