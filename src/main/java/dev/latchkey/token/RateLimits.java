package dev.latchkey.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.latchkey.platform.problem.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * How many calls a token may make, how many of them at once, and how many at a time. In a request, what is left out stays as it is.
 *
 * @param burst absent if there is none; in a request, an empty object takes it away
 * @param concurrentRequests the same
 */
record RateLimits(
        @Nullable @Min(1) @Max(MOST) Long perMinute,
        @Nullable @Min(1) @Max(MOST) Long perHour,
        @Nullable @Min(1) @Max(MOST) Long perDay,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable @Valid
        Burst burst,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable @Valid
        ConcurrentRequests concurrentRequests) {

    static final long MOST = 1_000_000_000;

    /** @param leaseSeconds after which a slot that nobody gave back is free again */
    record ConcurrentRequests(
            @Nullable @Min(1) @Max(10_000) Long limit,
            @Nullable @Min(1) @Max(86_400) Long leaseSeconds) {

        private static @Nullable ConcurrentRequests of(ApiToken token) {
            return token.concurrentRequests == null
                    ? null
                    : new ConcurrentRequests(token.concurrentRequests, token.leaseSeconds);
        }
    }

    static RateLimits of(ApiToken token) {
        return new RateLimits(
                token.perMinute,
                token.perHour,
                token.perDay,
                Burst.of(token.burstCapacity, token.burstRefillPerSecond),
                ConcurrentRequests.of(token));
    }

    /** @throws Problem naming the field that is not valid */
    void applyTo(ApiToken token) {
        token.perMinute = perMinute == null ? token.perMinute : perMinute;
        token.perHour = perHour == null ? token.perHour : perHour;
        token.perDay = perDay == null ? token.perDay : perDay;
        if (burst != null) {
            burst.checkWhole("rate_limits.burst");
            token.burstCapacity = burst.capacity();
            token.burstRefillPerSecond = burst.refillPerSecond();
        }
        if (concurrentRequests != null) {
            var limit = concurrentRequests.limit();
            var lease = concurrentRequests.leaseSeconds();
            if ((limit == null) != (lease == null)) {
                throw Problem.invalidField(
                        "rate_limits.concurrent_requests." + (limit == null ? "limit" : "lease_seconds"),
                        "must be given with the other");
            }
            token.concurrentRequests = limit;
            token.leaseSeconds = lease;
        }
    }
}
