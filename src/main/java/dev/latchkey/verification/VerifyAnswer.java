package dev.latchkey.verification;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CreditLimit;
import dev.latchkey.credential.VerificationCode;
import dev.latchkey.credit.Refill;
import dev.latchkey.limit.CreditState;
import dev.latchkey.limit.LimitDecision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link VerifyRequest}. Of a credential that is not known to the asker's tenant it says nothing but the code.
 *
 * @param owner the user who made it
 * @param role of kinds that have roles
 * @param credits what is left; null if it has no such limit
 * @param rateLimits how the limits stand after this call; none if a check before them refused
 * @param violatedPolicies the names of the limits that refused
 * @param lease of the slot that this call holds; absent if it took none
 * @param shadow what limits say that only watch; absent if there are none
 * @param retryAfter seconds until the same question may be answered otherwise; null if time alone does not help
 */
record VerifyAnswer(
        boolean valid,
        VerificationCode code,
        @Nullable String kind,
        @Nullable String keyId,
        @Nullable UUID tenantId,
        @Nullable String owner,
        @Nullable String role,
        List<String> scopes,
        @Nullable Instant expiresAt,
        Map<String, Object> metadata,
        @Nullable Credits credits,
        List<RateLimit> rateLimits,
        List<String> violatedPolicies,
        @Nullable Long retryAfter,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Lease lease,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Shadow shadow) {

    private static final long RETRY_AFTER_SECONDS = 1;

    /** @param refill what fills it up again; null if nothing does */
    record Credits(long remaining, @Nullable Refill refill) {

        /** @param day of the month, for monthly refills; null for daily ones */
        record Refill(
                long amount, String interval, @Nullable Integer day) {}
    }

    /** @param expiresAt when the slot is free again, unless it is given back before: {@code POST /api/v1/verify/release} */
    record Lease(String id, Instant expiresAt) {}

    /** @param violatedPolicies the names of those that would have refused */
    record Shadow(boolean wouldRefuse, List<String> violatedPolicies) {}

    /** @param reset seconds until the next unit is given back */
    record RateLimit(String name, long limit, long remaining, long reset) {}

    static VerifyAnswer of(Outcome outcome) {
        var limits = outcome.limits();
        return new VerifyAnswer(
                outcome.isValid(),
                outcome.code(),
                outcome.credential().map(credential -> credential.kind().word()).orElse(null),
                outcome.credential().map(Credential::keyId).orElse(null),
                outcome.credential().map(Credential::tenantId).orElse(null),
                outcome.credential()
                        .flatMap(Credential::userId)
                        .map(UUID::toString)
                        .orElse(null),
                outcome.credential()
                        .flatMap(Credential::label)
                        .map(Credential.Label::role)
                        .orElse(null),
                outcome.credential()
                        .map(credential -> credential.scopes().words())
                        .orElse(List.of()),
                outcome.credential().flatMap(Credential::expiresAt).orElse(null),
                outcome.credential().map(Credential::metadata).orElse(Map.of()),
                limits.flatMap(LimitDecision::credits)
                        .map(state -> credits(state, outcome.credential()))
                        .orElse(null),
                limits.map(VerifyAnswer::rateLimits).orElse(List.of()),
                limits.map(LimitDecision::violated).orElse(List.of()),
                outcome.retryAfterSeconds().orElse(null),
                lease(outcome),
                shadow(outcome));
    }

    static @Nullable Lease lease(Outcome outcome) {
        return outcome.lease()
                .map(lease -> new Lease(lease.id(), lease.expiresAt()))
                .orElse(null);
    }

    static @Nullable Shadow shadow(Outcome outcome) {
        return outcome.limits()
                .filter(limits -> !limits.shadow().isEmpty())
                .map(LimitDecision::shadowViolated)
                .map(violated -> new Shadow(!violated.isEmpty(), violated))
                .orElse(null);
    }

    /** To a question that could not be decided, among others that were. */
    static VerifyAnswer undecided() {
        return of(new Outcome(
                VerificationCode.UNAVAILABLE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(RETRY_AFTER_SECONDS)));
    }

    private static List<RateLimit> rateLimits(LimitDecision decision) {
        return decision.policies().stream()
                .map(window -> new RateLimit(window.name(), window.limit(), window.remaining(), window.resetSeconds()))
                .toList();
    }

    private static Credits credits(CreditState state, Optional<Credential> credential) {
        var refill = credential.flatMap(Credential::credits).flatMap(CreditLimit::refill);
        return new Credits(state.remaining(), refill.map(VerifyAnswer::refill).orElse(null));
    }

    private static Credits.Refill refill(Refill refill) {
        return new Credits.Refill(
                refill.amount(),
                refill.interval().word(),
                refill.interval() == Refill.Interval.MONTHLY ? refill.day() : null);
    }
}
