package dev.latchkey.usage;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a credential, or all credentials of a user, were used. {@code errors} are answers with a status of 400 and above;
 * {@code rateLimited} are those of them with 429. Times are in milliseconds; the 95th percentile is the nearest rank: exact by minute and
 * hour, by day an estimate that is off by less than the width of its histogram bucket.
 *
 * @param tokenId null when the report covers all credentials of a user
 * @param from the beginning of the first point
 * @param to the end of the last point
 * @param points each point of the span in order, also those without a call
 * @param byEndpoint the most used first
 * @param violated the limits that refused verifications, the one that refused most first; a verification that several refused counts for each
 * @param shadowViolated the same of limits that only watch, and would have refused
 */
public record UsageReport(
        @Nullable UUID tokenId,
        Instant from,
        Instant to,
        String granularity,
        long totalRequests,
        long totalErrors,
        List<Point> points,
        List<ByEndpoint> byEndpoint,
        List<Violation> violated,
        List<Violation> shadowViolated) {

    /** @param policy the name of a limit, such as {@code hour} or {@code burst} */
    public record Violation(String policy, long requests) {}

    /** The times are null where there was no call. */
    public record Point(
            Instant at,
            long requests,
            long errors,
            long rateLimited,
            @Nullable Double avgMs,
            @Nullable Double p95Ms) {}

    public record ByEndpoint(
            String method,
            String endpoint,
            long requests,
            long errors,
            long rateLimited,
            @Nullable Double avgMs,
            @Nullable Double p95Ms) {}
}
