package dev.latchkey.chunk;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One verification of a credential.
 *
 * @param atMicros when, in microseconds since 1970
 * @param kind of the credential, the word of {@code Caller.Kind}
 * @param userId who made the credential
 * @param endpoint a path as a template, never one with ids in it
 * @param status as of HTTP; 0: it is told by the outcome of the decision
 * @param latencyMicros how long it took until the decision was asked for; the trip to Redis is not in it
 * @param scopes that were asked for, and that the credential has; if the use is not refused, they count as used
 * @param tags of the tenant's own, without order
 * @param creditAccount who pays, if credits are counted at all
 * @param credits what the use costs; a refused one costs nothing
 */
public record Use(
        long atMicros,
        UUID tenantId,
        UUID credentialId,
        String kind,
        Optional<UUID> userId,
        String method,
        String endpoint,
        int status,
        long latencyMicros,
        List<String> scopes,
        List<String> tags,
        Optional<UUID> creditAccount,
        long credits) {

    /** A status that the outcome of the decision tells. */
    public static final int UNDECIDED = 0;

    // So that no sum of them overflows.
    private static final long MOST = 1_000_000_000_000L;

    /** @throws IllegalArgumentException for a status that is none of HTTP's nor 0, or a latency or cost below 0 or above 10^12 */
    public Use {
        if (status != UNDECIDED && (status < 100 || status > 599)) {
            throw new IllegalArgumentException("status " + status);
        }
        if (latencyMicros < 0 || latencyMicros > MOST || credits < 0 || credits > MOST) {
            throw new IllegalArgumentException("latency " + latencyMicros + ", credits " + credits);
        }
        scopes = List.copyOf(scopes);
        tags = tags.size() < 2
                ? List.copyOf(tags)
                : tags.stream().distinct().sorted().toList();
    }

    public Use withStatus(int decided) {
        return new Use(
                atMicros,
                tenantId,
                credentialId,
                kind,
                userId,
                method,
                endpoint,
                decided,
                latencyMicros,
                scopes,
                tags,
                creditAccount,
                credits);
    }
}
