package dev.latchkey.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.latchkey.platform.problem.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * Limits that are tried out on a token: they refuse nothing, and tell what they would have refused. What is left out is no limit; in a request,
 * all of them replace all that were there, and an empty object takes them away.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ShadowRateLimits(
        @Nullable @Min(1) @Max(RateLimits.MOST) Long perMinute,
        @Nullable @Min(1) @Max(RateLimits.MOST) Long perHour,
        @Nullable @Min(1) @Max(RateLimits.MOST) Long perDay,
        @Nullable @Valid Burst burst) {

    /** Null if there are none. */
    static @Nullable ShadowRateLimits of(ApiToken token) {
        var limits = new ShadowRateLimits(
                token.shadowPerMinute,
                token.shadowPerHour,
                token.shadowPerDay,
                Burst.of(token.shadowBurstCapacity, token.shadowBurstRefillPerSecond));
        return limits.equals(new ShadowRateLimits(null, null, null, null)) ? null : limits;
    }

    /** @throws Problem naming the field that is not valid */
    void applyTo(ApiToken token) {
        token.shadowPerMinute = perMinute;
        token.shadowPerHour = perHour;
        token.shadowPerDay = perDay;
        if (burst != null) {
            burst.checkWhole("shadow_rate_limits.burst");
        }
        token.shadowBurstCapacity = burst == null ? null : burst.capacity();
        token.shadowBurstRefillPerSecond = burst == null ? null : burst.refillPerSecond();
    }
}
