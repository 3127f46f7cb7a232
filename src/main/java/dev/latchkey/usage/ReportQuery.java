package dev.latchkey.usage;

import dev.latchkey.usage.UsageReport.ByEndpoint;
import dev.latchkey.usage.UsageReport.Point;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads one report in one statement, so that its points and its endpoints add up: by day from the totals, else from the events. */
final class ReportQuery {

    // A row stands for as many calls as it says. The percentile is the first latency by which that part of the calls
    // was
    // answered, counted through the rows in the order of their latencies.
    private static final String FROM_EVENTS = """
            with event as (
                select date_bin(?::interval, at, timestamptz '2000-01-01 00:00Z') as bucket, method, endpoint, status,
                    latency_micros, calls
                from token_usage_events
                where tenant_id = ? and %s = ? and at >= ? and at < ?
            ), shown as (
                select bucket, null as method, null as endpoint, status, latency_micros, calls from event
                union all
                select null, method, endpoint, status, latency_micros, calls from event
            ), ranked as (
                select *, sum(calls) over (partition by bucket, method, endpoint order by latency_micros) as rank,
                    sum(calls) over (partition by bucket, method, endpoint) as total
                from shown
            )
            select bucket, method, endpoint, sum(calls) as requests,
                coalesce(sum(calls) filter (where status >= 400), 0) as errors,
                coalesce(sum(calls) filter (where status = 429), 0) as rate_limited,
                sum(latency_micros * calls) / sum(calls) as average_micros,
                min(latency_micros) filter (where rank >= 0.95 * total) as p95_micros, null as histogram
            from ranked
            group by bucket, method, endpoint
            order by requests desc, endpoint, method
            """;

    private static final String FROM_TOTALS = """
            with total as (
                select date_bin(?::interval, day::timestamp at time zone 'UTC', timestamptz '2000-01-01 00:00Z') as bucket, *
                from usage_aggregates
                where tenant_id = ? and %s = ?
                    and day >= (? at time zone 'UTC')::date and day < (? at time zone 'UTC')::date
            )
            select bucket, method, endpoint, sum(requests) as requests, sum(errors) as errors,
                sum(rate_limited) as rate_limited, sum(latency_micros) / sum(requests) as average_micros,
                null as p95_micros, usage_histogram_sum(latency_histogram) as histogram
            from total
            group by grouping sets ((bucket), (method, endpoint))
            order by requests desc, endpoint, method
            """;

    private static final double PART = 0.95;

    private final UsageRange range;
    private final String whose;
    private final boolean isOfCredential;

    private ReportQuery(UsageRange range, boolean isOfCredential) {
        this.range = range;
        this.isOfCredential = isOfCredential;
        this.whose = isOfCredential ? "credential_id" : "user_id";
    }

    static ReportQuery ofCredential(UsageRange range) {
        return new ReportQuery(range, true);
    }

    static ReportQuery ofUser(UsageRange range) {
        return new ReportQuery(range, false);
    }

    UsageReport run(Connection connection, UUID tenantId, UUID id) throws SQLException {
        var sql = range.granularity() == UsageRange.Granularity.DAY ? FROM_TOTALS : FROM_EVENTS;
        try (var statement = connection.prepareStatement(sql.formatted(whose))) {
            statement.setString(1, "1 " + range.granularity().word());
            statement.setObject(2, tenantId);
            statement.setObject(3, id);
            statement.setObject(4, range.from().atOffset(ZoneOffset.UTC));
            statement.setObject(5, range.to().atOffset(ZoneOffset.UTC));
            var violations = UsageViolations.read(connection, range, tenantId, whose, id);
            return report(statement, isOfCredential ? id : null, violations);
        }
    }

    private UsageReport report(PreparedStatement statement, @Nullable UUID tokenId, UsageViolations violations)
            throws SQLException {
        var used = new HashMap<Instant, Point>();
        var endpoints = new ArrayList<ByEndpoint>();
        try (var row = statement.executeQuery()) {
            while (row.next()) {
                if (row.getString("method") == null) {
                    var point = point(row);
                    used.put(point.at(), point);
                } else {
                    endpoints.add(endpoint(row));
                }
            }
        }
        var points = points(used);
        return new UsageReport(
                tokenId,
                range.from(),
                range.to(),
                range.granularity().word(),
                points.stream().mapToLong(Point::requests).sum(),
                points.stream().mapToLong(Point::errors).sum(),
                points,
                endpoints,
                violations.real(),
                violations.shadow());
    }

    private List<Point> points(Map<Instant, Point> used) {
        return range.points().stream()
                .map(at -> used.getOrDefault(at, new Point(at, 0, 0, 0, null, null)))
                .toList();
    }

    private static Point point(ResultSet row) throws SQLException {
        return new Point(
                row.getObject("bucket", OffsetDateTime.class).toInstant(),
                row.getLong("requests"),
                row.getLong("errors"),
                row.getLong("rate_limited"),
                millis(row.getDouble("average_micros")),
                millis(p95Micros(row)));
    }

    private static ByEndpoint endpoint(ResultSet row) throws SQLException {
        return new ByEndpoint(
                row.getString("method"),
                row.getString("endpoint"),
                row.getLong("requests"),
                row.getLong("errors"),
                row.getLong("rate_limited"),
                millis(row.getDouble("average_micros")),
                millis(p95Micros(row)));
    }

    private static double p95Micros(ResultSet row) throws SQLException {
        var histogram = row.getArray("histogram");
        if (histogram == null) {
            return row.getDouble("p95_micros");
        }
        var counts = Arrays.stream((Long[]) histogram.getArray())
                .mapToLong(Long::longValue)
                .toArray();
        return LatencyHistogram.percentile(counts, PART);
    }

    /** To the microsecond. */
    private static double millis(double micros) {
        return Math.round(micros) / 1000.0;
    }
}
