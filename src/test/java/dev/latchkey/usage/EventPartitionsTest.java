package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.local.TestServices;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Each test lives in a month of the past of its own, so that dropping what is old touches nobody else's events. */
@QuarkusTest
class EventPartitionsTest {

    @Inject
    EventPartitions partitions;

    @Inject
    EventStore store;

    @Inject
    UsageAggregates aggregates;

    private final SampleEvents sample = SampleEvents.ofNewCredential();

    @Test
    void theDaysAheadStandReadyAfterTheStart() throws SQLException {
        partitions.keepUp();
        var today = LocalDate.now(ZoneOffset.UTC);
        assertTrue(days().containsAll(today.datesUntil(today.plusDays(8)).toList()));
    }

    @Test
    void daysPastTheirRetentionAreDroppedButTheirTotalsStay() throws SQLException {
        var today = LocalDate.of(1985, 6, 20);
        partitions.keepUp(today, today.minusDays(5));
        store.add(List.of(sample.at(at("1985-06-20T23:59:59.999999Z")), sample.at(at("1985-06-21T00:00:00Z"))));
        partitions.keepUp(today.plusDays(1), LocalDate.of(1985, 6, 21));
        assertEquals(
                LocalDate.of(1985, 6, 21).datesUntil(LocalDate.of(1985, 6, 29)).toList(), days("1985"));
        assertEquals(List.of("token_usage_events_19850621"), tables());
        assertEquals(2, UsageTables.countedOf(sample));
        assertThrows(IllegalArgumentException.class, () -> aggregates.recount(LocalDate.of(1985, 6, 20)));
        aggregates.recount(LocalDate.of(1985, 6, 21));
        assertEquals(2, UsageTables.countedOf(sample));
    }

    @Test
    void eventsThatCameBeforeTheirPartitionMoveIntoIt() throws SQLException {
        var today = LocalDate.of(1990, 6, 20);
        var late = sample.at(at("1990-06-16T08:00:00Z"));
        store.add(List.of(late, sample.at(at("1990-06-28T00:00:00Z")), sample.at(at("1990-06-15T00:00:00Z"))));
        assertEquals(
                List.of("token_usage_events_default"),
                tables().stream().distinct().toList());
        partitions.keepUp(today, LocalDate.of(1990, 6, 16));
        assertEquals(List.of("token_usage_events_19900616", "token_usage_events_default"), tables());
        store.add(List.of(late));
        assertEquals(2, UsageTables.eventsOf(sample));
        assertEquals(3, UsageTables.countedOf(sample));
    }

    @Test
    void manyReplicasAtOnceMakeEachDayOnceWhileEventsArrive() throws Exception {
        var today = LocalDate.of(1995, 6, 20);
        Callable<Void> keepUp = () -> {
            partitions.keepUp(today, today);
            return null;
        };
        Callable<Void> write = () -> {
            for (var i = 0; i < 40; i++) {
                assertEquals(
                        List.of(),
                        store.add(List.of(sample.at(at("1995-06-20T00:00:00Z").plusSeconds(i * 15_000L)))));
            }
            return null;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(List.of(write, keepUp, write, keepUp, keepUp, write))) {
                result.get();
            }
        }
        partitions.keepUp(today, today);
        assertEquals(today.datesUntil(today.plusDays(8)).toList(), days("1995"));
        assertEquals(120, UsageTables.eventsOf(sample));
        assertEquals(120, UsageTables.countedOf(sample));
        assertTrue(tables().stream().noneMatch("token_usage_events_default"::equals));
    }

    @Test
    void whileAnotherReplicaIsAtItNothingIsDone() throws SQLException {
        var today = LocalDate.of(1999, 6, 20);
        try (var other = TestServices.postgres().getConnection();
                var statement = other.createStatement()) {
            statement.execute("select pg_advisory_lock(hashtextextended('latchkey.usage.partitions', 0))");
            partitions.keepUp(today, today);
            assertEquals(List.of(), days("1999"));
        }
    }

    private static Instant at(String text) {
        return Instant.parse(text);
    }

    private List<String> tables() throws SQLException {
        return UsageTables.rows(
                "select tableoid::regclass from token_usage_events where credential_id = '%s' order by at"
                        .formatted(sample.credentialId()));
    }

    private static List<LocalDate> days() throws SQLException {
        return days("");
    }

    private static List<LocalDate> days(String year) throws SQLException {
        return UsageTables.rows("""
                select to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') from pg_inherits
                where inhparent = 'token_usage_events'::regclass and inhrelid::regclass::text ~ '_%s[0-9]{4,8}$'
                order by 1""".formatted(year)).stream()
                .map(LocalDate::parse)
                .toList();
    }
}
