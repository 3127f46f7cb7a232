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
 * @param policies the names of the limits that decide, in their order; empty for the usual ones: minute, hour and day
 * @param shadowPolicies the names of those after them that only watch
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
        long credits,
        List<String> policies,
        List<String> shadowPolicies) {

    /** A status that the outcome of the decision tells. */
    public static final int UNDECIDED = 0;

    private static final List<String> USUAL_POLICIES = List.of("minute", "hour", "day");

    private static final int MOST_POLICIES = 60;

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
        if (policies.size() + shadowPolicies.size() > MOST_POLICIES) {
            throw new IllegalArgumentException("more limits than a number has bits");
        }
        scopes = List.copyOf(scopes);
        tags = tags.size() < 2
                ? List.copyOf(tags)
                : tags.stream().distinct().sorted().toList();
        policies = policies.equals(USUAL_POLICIES) ? List.of() : List.copyOf(policies);
        shadowPolicies = List.copyOf(shadowPolicies);
    }

    /** One that the usual limits decide. */
    public Use(
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
        this(
                atMicros,
                tenantId,
                credentialId,
                kind,
                userId,
                method,
                endpoint,
                status,
                latencyMicros,
                scopes,
                tags,
                creditAccount,
                credits,
                List.of(),
                List.of());
    }

    List<String> decidingPolicies() {
        return policies.isEmpty() ? USUAL_POLICIES : policies;
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
                credits,
                policies,
                shadowPolicies);
    }
}
