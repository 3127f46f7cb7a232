package dev.latchkey.token;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many calls a token has left in all, and what fills that up again. In a request a bare number will do. Kept and shown;
 * what spends them is the verification endpoint, which is not there yet.
 */
record Credits(
        @NotNull @Min(0) @Max(RateLimits.MOST) Long remaining,
        @Nullable @Valid Refill refill) {

    /** @param day of the month, for monthly refills; the last day where a month has fewer. 1 if left out */
    record Refill(
            @NotNull @Min(1) @Max(RateLimits.MOST) Long amount,

            @NotNull @Pattern(regexp = "daily|monthly", message = "must be daily or monthly")
            String interval,

            @Nullable @Min(1) @Max(31) Integer day) {}

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    Credits(@JsonProperty("remaining") Long remaining, @JsonProperty("refill") @Nullable Refill refill) {
        this.remaining = remaining;
        this.refill = refill;
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Credits of(long remaining) {
        return new Credits(remaining, null);
    }

    static @Nullable Credits of(ApiToken token) {
        if (token.creditsRemaining == null) {
            return null;
        }
        var refill = token.creditsRefillAmount == null || token.creditsRefillEvery == null
                ? null
                : new Refill(token.creditsRefillAmount, token.creditsRefillEvery, token.creditsRefillDay);
        return new Credits(token.creditsRemaining, refill);
    }

    void applyTo(ApiToken token) {
        token.creditsRemaining = remaining;
        if (refill != null) {
            token.creditsRefillAmount = refill.amount;
            token.creditsRefillEvery = refill.interval;
            token.creditsRefillDay = "monthly".equals(refill.interval) ? (refill.day == null ? 1 : refill.day) : null;
        }
    }
}
