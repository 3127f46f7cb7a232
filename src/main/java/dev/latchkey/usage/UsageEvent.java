package dev.latchkey.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One call that was made with a credential.
 *
 * @param id made before the first try to record the event: whatever is recorded twice under one id and time is counted once
 * @param at the time of the call, in microseconds; what is finer is cut off
 * @param kind how the caller authenticated, the word of {@code Caller.Kind}
 * @param userId who made the credential
 * @param endpoint the path as a template, such as {@code /api/v1/audits/{id}}, never one with ids in it
 * @param latency how long the answer took, in microseconds; what is finer is cut off
 * @param bytes the size of the bodies that came and went, as far as it is known
 * @param scopes the scopes that the endpoint needed, and that the credential therefore used
 */
public record UsageEvent(
        UUID id,
        Instant at,
        UUID tenantId,
        UUID credentialId,
        String kind,
        Optional<UUID> userId,
        String endpoint,
        String method,
        int status,
        Duration latency,
        long bytes,
        String requestId,
        List<String> scopes) {

    /** @throws IllegalArgumentException for a status that is none of HTTP's, or a negative latency or size */
    public UsageEvent {
        if (status < 100 || status > 599 || latency.isNegative() || bytes < 0) {
            throw new IllegalArgumentException("status " + status + ", latency " + latency + ", bytes " + bytes);
        }
        at = at.truncatedTo(ChronoUnit.MICROS);
        latency = latency.truncatedTo(ChronoUnit.MICROS);
        scopes = List.copyOf(scopes);
    }

    long latencyMicros() {
        return latency.toNanos() / 1000;
    }
}
