package dev.latchkey.client;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer to a {@link VerifyRequest}. Of a credential that is not known to the asker's tenant it says nothing but the code.
 *
 * @param valid whether the credential may be used for what was asked
 * @param code how that was found
 * @param kind such as {@code api_token}
 * @param keyId the credential's id
 * @param tenantId whose credential it is
 * @param owner the user who made it
 * @param role of kinds that have roles
 * @param scopes all that it has
 * @param expiresAt when it ends
 * @param metadata what its owner keeps with it: JSON as strings, {@link Long}, {@link java.math.BigDecimal}, {@link Boolean},
 *     {@link List}, {@link Map} and null
 * @param credits what is left, if it has such a limit
 * @param rateLimits how the limits stand; none if a check before them refused. Of an answer that was kept: how they stood then
 * @param violatedPolicies the names of the limits that refused
 * @param retryAfterSeconds when the same question may be answered otherwise, if a limit refused it
 * @param lease of the slot that this verification took, if it took one; to be given back by {@link LatchkeyClient#release}
 */
public record Verification(
        boolean valid,
        Code code,
        Optional<String> kind,
        Optional<String> keyId,
        Optional<String> tenantId,
        Optional<String> owner,
        Optional<String> role,
        List<String> scopes,
        Optional<Instant> expiresAt,
        Map<String, Object> metadata,
        Optional<Credits> credits,
        List<RateLimit> rateLimits,
        List<String> violatedPolicies,
        OptionalLong retryAfterSeconds,
        Optional<Lease> lease) {

    /** How an answer was found. The checks run in this order, from {@link #MALFORMED} on. */
    public enum Code {
        /** It may be used for what was asked. */
        VALID,
        /** The text is no credential of this service. */
        MALFORMED,
        /** There is no such credential, or it belongs to another tenant. */
        NOT_FOUND,
        /** It was revoked. */
        REVOKED,
        /** It is disabled. */
        DISABLED,
        /** It has expired. */
        EXPIRED,
        /** It may not be used from this address. */
        FORBIDDEN_IP,
        /** It lacks a scope. */
        INSUFFICIENT_SCOPE,
        /** A rate limit is used up. */
        RATE_LIMITED,
        /** Its credits are used up. */
        USAGE_EXCEEDED,
        /** The service could decide others of the batch, and not this one now. */
        UNAVAILABLE,
        /** Nobody looked at it: the service is away, and {@link FailurePolicy#OPEN} lets everybody in. */
        UNVERIFIED,
        /** A refusal that this version of the client does not know. */
        UNKNOWN
    }

    /**
     * One limit.
     *
     * @param name such as {@code minute}
     * @param limit units in its window
     * @param remaining units that are left
     * @param resetSeconds until the next unit is given back
     */
    public record RateLimit(String name, long limit, long remaining, long resetSeconds) {}

    /**
     * A number of uses.
     *
     * @param remaining how many are left
     * @param refill how it is filled up, as the service tells it; empty if it is not
     */
    public record Credits(long remaining, Map<String, Object> refill) {
        /** Copies what is given. */
        public Credits {
            refill = Collections.unmodifiableMap(new LinkedHashMap<>(refill));
        }
    }

    /**
     * A slot that is held, of a credential that limits its calls under way.
     *
     * @param id what gives it back
     * @param expiresAt when it is free again, if nobody gave it back before
     */
    public record Lease(String id, Instant expiresAt) {}

    /** Copies what is given. */
    public Verification {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(lease, "lease");
        scopes = List.copyOf(scopes);
        rateLimits = List.copyOf(rateLimits);
        violatedPolicies = List.copyOf(violatedPolicies);
        // Not Map.copyOf: JSON has null values.
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    static Verification unverified() {
        return new Verification(
                true,
                Code.UNVERIFIED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                OptionalLong.empty(),
                Optional.empty());
    }
}
