package dev.latchkey.token;

import dev.latchkey.limit.TokenBucket;
import dev.latchkey.platform.problem.Problem;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket: so many calls at a time, and what was used of them comes back one by one. Both or, in a request that takes it away, neither.
 *
 * @param refillPerSecond calls; one comes back each whole number of microseconds, rounded up: never more than this
 */
record Burst(
        @Nullable @Min(1) @Max(1_000_000) Long capacity,

        @Nullable @DecimalMin("0.01") @DecimalMax("10000") @Digits(integer = 5, fraction = 2)
        BigDecimal refillPerSecond) {

    private static final BigDecimal MICROS_PER_SECOND = BigDecimal.valueOf(1_000_000);

    static @Nullable Burst of(@Nullable Long capacity, @Nullable BigDecimal refillPerSecond) {
        return capacity == null ? null : new Burst(capacity, refillPerSecond);
    }

    static TokenBucket bucket(long capacity, BigDecimal refillPerSecond) {
        var micros = MICROS_PER_SECOND.divide(refillPerSecond, 0, RoundingMode.CEILING);
        return new TokenBucket("burst", capacity, Duration.of(micros.longValueExact(), ChronoUnit.MICROS));
    }

    /** @throws Problem naming the field that is missing below the given path */
    void checkWhole(String path) {
        if ((capacity == null) != (refillPerSecond == null)) {
            throw Problem.invalidField(
                    path + (capacity == null ? ".capacity" : ".refill_per_second"), "must be given with the other");
        }
    }
}
