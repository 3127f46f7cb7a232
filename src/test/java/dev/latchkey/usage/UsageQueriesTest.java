package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.usage.UsageRange.Granularity;
import dev.latchkey.usage.UsageReport.ByEndpoint;
import dev.latchkey.usage.UsageReport.Point;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class UsageQueriesTest {

    private static final Instant DAY =
            Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(1));
    private static final UsageRange HOURS = new UsageRange(DAY, DAY.plus(Duration.ofDays(1)), Granularity.HOUR);
    private static final UsageRange DAYS =
            new UsageRange(DAY.minus(Duration.ofDays(2)), DAY.plus(Duration.ofDays(1)), Granularity.DAY);

    @Inject
    EventStore store;

    @Inject
    UsageQueries queries;

    private final SampleEvents sample = SampleEvents.ofNewCredential();

    /** From 1 to 100 ms in the hour of 03:00, and at 05:00 two that failed. */
    @BeforeEach
    void use() throws SQLException {
        var events = new ArrayList<UsageEvent>();
        for (var i = 1; i <= 100; i++) {
            events.add(sample.with(DAY.plusSeconds(3 * 3600 + i), "GET", "/api/v1/audits", 200, Duration.ofMillis(i)));
        }
        events.add(sample.with(DAY.plusSeconds(5 * 3600), "POST", "/api/v1/audits", 429, Duration.ofMillis(2)));
        events.add(
                sample.with(DAY.plusSeconds(6 * 3600 - 1), "POST", "/api/v1/audits", 500, Duration.ofNanos(1_501_999)));
        store.add(events);
    }

    @Test
    void aReportByTheHourIsExactAndHasNoHoles() {
        var report = queries.ofCredential(sample.tenantId(), sample.credentialId(), HOURS);
        assertEquals(sample.credentialId(), report.tokenId());
        assertEquals("hour", report.granularity());
        assertEquals(DAY, report.from());
        assertEquals(102, report.totalRequests());
        assertEquals(2, report.totalErrors());
        assertEquals(24, report.points().size());
        assertEquals(new Point(DAY, 0, 0, 0, null, null), report.points().getFirst());
        assertEquals(
                new Point(DAY.plusSeconds(3 * 3600), 100, 0, 0, 50.5, 95.0),
                report.points().get(3));
        assertEquals(
                new Point(DAY.plusSeconds(5 * 3600), 2, 2, 1, 1.751, 2.0),
                report.points().get(5));
        assertEquals(
                List.of(
                        new ByEndpoint("GET", "/api/v1/audits", 100, 0, 0, 50.5, 95.0),
                        new ByEndpoint("POST", "/api/v1/audits", 2, 2, 1, 1.751, 2.0)),
                report.byEndpoint());
    }

    @Test
    void aReportByTheMinuteCountsEachEventInItsMinute() {
        var from = DAY.plusSeconds(3 * 3600);
        var range = new UsageRange(from, from.plusSeconds(180), Granularity.MINUTE);
        var report = queries.ofCredential(sample.tenantId(), sample.credentialId(), range);
        assertEquals(
                List.of(59L, 41L, 0L),
                report.points().stream().map(Point::requests).toList());
    }

    @Test
    void aReportByTheDayTakesTheTotalsAndIsWithinABucketOfTheExactTimes() {
        var report = queries.ofCredential(sample.tenantId(), sample.credentialId(), DAYS);
        assertEquals(102, report.totalRequests());
        assertEquals(
                List.of(0L, 0L, 102L),
                report.points().stream().map(Point::requests).toList());
        var day = report.points().get(2);
        assertEquals(DAY, day.at());
        assertEquals(2, day.errors());
        assertEquals(1, day.rateLimited());
        assertEquals(49.544, day.avgMs());
        assertBetween(70, 100, day.p95Ms());
        assertEquals(
                List.of("GET", "POST"),
                report.byEndpoint().stream().map(ByEndpoint::method).toList());
        assertBetween(70, 100, report.byEndpoint().get(0).p95Ms());
        assertBetween(2, 3, report.byEndpoint().get(1).p95Ms());
        assertEquals(1.751, report.byEndpoint().get(1).avgMs());
    }

    @Test
    void aReportByTheDayDoesNotNeedTheEvents() throws SQLException {
        UsageTables.rows("delete from token_usage_events where credential_id = '%s' returning 1"
                .formatted(sample.credentialId()));
        assertEquals(
                102,
                queries.ofCredential(sample.tenantId(), sample.credentialId(), DAYS)
                        .totalRequests());
        assertEquals(
                0,
                queries.ofCredential(sample.tenantId(), sample.credentialId(), HOURS)
                        .totalRequests());
    }

    @Test
    void aUserSeesAllCredentialsTheyMade() throws SQLException {
        var other = new SampleEvents(sample.tenantId(), Uuid7.next(), sample.userId());
        store.add(List.of(other.at(DAY)));
        for (var range : List.of(HOURS, DAYS)) {
            var report = queries.ofUser(sample.tenantId(), sample.userId(), range);
            assertNull(report.tokenId());
            assertEquals(103, report.totalRequests());
            assertEquals(
                    102,
                    queries.ofCredential(sample.tenantId(), sample.credentialId(), range)
                            .totalRequests());
        }
    }

    @Test
    void anotherTenantSeesNothing() {
        var stranger = Uuid7.next();
        for (var range : List.of(HOURS, DAYS)) {
            assertEmpty(queries.ofCredential(stranger, sample.credentialId(), range));
            assertEmpty(queries.ofUser(stranger, sample.userId(), range));
            assertEmpty(queries.ofCredential(sample.tenantId(), UUID.randomUUID(), range));
        }
    }

    @Test
    void whatLiesAtTheEndOfTheRangeBelongsToTheNextOne() throws SQLException {
        store.add(List.of(sample.at(HOURS.to()), sample.at(HOURS.from().minusNanos(1000))));
        assertEquals(
                102,
                queries.ofCredential(sample.tenantId(), sample.credentialId(), HOURS)
                        .totalRequests());
    }

    private static void assertEmpty(UsageReport report) {
        assertEquals(0, report.totalRequests());
        assertEquals(List.of(), report.byEndpoint());
        assertTrue(report.points().stream().allMatch(point -> point.requests() == 0));
    }

    private static void assertBetween(double from, double to, @Nullable Double actual) {
        assertTrue(actual != null && actual >= from && actual <= to, actual + " is not between " + from + " and " + to);
    }
}
