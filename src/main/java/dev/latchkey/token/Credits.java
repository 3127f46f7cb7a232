package dev.latchkey.token;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.latchkey.credit.Account;
import dev.latchkey.credit.Refill.Interval;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many calls a token has left in all, and what fills that up again. In a request a bare number will do. What is left stands in
 * the credit ledger.
 */
record Credits(
        @NotNull @Min(0) @Max(RateLimits.MOST) Long remaining,
        @Nullable @Valid Refill refill) {

    /** @param day of the month, for monthly refills; the last day where a month has fewer. 1 if left out */
    record Refill(
            @NotNull @Min(1) @Max(RateLimits.MOST) Long amount,

            @NotNull @Pattern(regexp = "daily|monthly", message = "must be daily or monthly")
            String interval,

            @Nullable @Min(1) @Max(31) Integer day) {

        private static Refill of(dev.latchkey.credit.Refill refill) {
            var day = refill.interval() == Interval.MONTHLY ? refill.day() : null;
            return new Refill(refill.amount(), refill.interval().word(), day);
        }

        private dev.latchkey.credit.Refill ofLedger() {
            return switch (Interval.of(interval)) {
                case DAILY -> dev.latchkey.credit.Refill.daily(amount);
                case MONTHLY -> dev.latchkey.credit.Refill.monthly(amount, day == null ? 1 : day);
            };
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    Credits(@JsonProperty("remaining") Long remaining, @JsonProperty("refill") @Nullable Refill refill) {
        this.remaining = remaining;
        this.refill = refill;
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Credits of(long remaining) {
        return new Credits(remaining, null);
    }

    static Credits of(Account account, Instant now) {
        return new Credits(
                account.remaining(now), account.refill().map(Refill::of).orElse(null));
    }

    Optional<dev.latchkey.credit.Refill> refillOfLedger() {
        return Optional.ofNullable(refill).map(Refill::ofLedger);
    }
}
