package dev.latchkey.verification;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.VerificationCode;
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
 * @param retryAfter seconds until the same question may be answered otherwise; null if it was not refused for a limit
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
        @Nullable Object credits,
        List<RateLimit> rateLimits,
        List<String> violatedPolicies,
        @Nullable Long retryAfter) {

    /** @param reset seconds until the next unit is given back */
    record RateLimit(String name, long limit, long remaining, long reset) {}

    static VerifyAnswer of(Outcome outcome) {
        var limits = outcome.limits();
        return new VerifyAnswer(
                outcome.isValid(),
                outcome.code(),
                outcome.credential().map(credential -> credential.kind().word()).orElse(null),
                outcome.credential()
                        .map(credential -> credential.id().toString())
                        .orElse(null),
                outcome.credential().map(Credential::tenantId).orElse(null),
                outcome.credential()
                        .flatMap(Credential::userId)
                        .map(UUID::toString)
                        .orElse(null),
                null,
                outcome.credential()
                        .map(credential -> credential.scopes().words())
                        .orElse(List.of()),
                outcome.credential().flatMap(Credential::expiresAt).orElse(null),
                outcome.credential().map(Credential::metadata).orElse(Map.of()),
                null,
                limits.map(VerifyAnswer::rateLimits).orElse(List.of()),
                limits.map(LimitDecision::violated).orElse(List.of()),
                retryAfter(limits));
    }

    private static List<RateLimit> rateLimits(LimitDecision decision) {
        return decision.policies().stream()
                .map(window -> new RateLimit(window.name(), window.limit(), window.remaining(), window.resetSeconds()))
                .toList();
    }

    private static @Nullable Long retryAfter(Optional<LimitDecision> limits) {
        return limits.filter(decision -> !decision.allowed())
                .map(LimitDecision::retryAfterSeconds)
                .orElse(null);
    }
}
