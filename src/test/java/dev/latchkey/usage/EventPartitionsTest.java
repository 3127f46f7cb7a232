package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.DecidedChunk;
import dev.latchkey.chunk.SampleUses;
import dev.latchkey.local.TestServices;
import dev.latchkey.platform.id.Uuid7;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** All tests agree on the first day that is kept, because dropping what is older touches everybody's events. */
@QuarkusTest
class EventPartitionsTest {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static final LocalDate FIRST_KEPT = TODAY.minusDays(10);

    @Inject
    EventPartitions partitions;

    @Inject
    EventStore store;

    @Inject
    ChunkStore chunks;

    @Inject
    UsageAggregates aggregates;

    private final SampleEvents sample = SampleEvents.ofNewCredential();

    @Test
    void theDaysAheadStandReady() throws SQLException {
        partitions.keepUp();
        assertTrue(days().containsAll(TODAY.datesUntil(TODAY.plusDays(8)).toList()));
    }

    @Test
    void daysPastTheirRetentionAreDroppedButTheirTotalsStay() throws SQLException {
        var dropped = FIRST_KEPT.minusDays(1);
        store.add(List.of(sample.at(end(dropped)), sample.at(begin(FIRST_KEPT))));
        partitions.keepUp(TODAY, dropped);
        assertEquals(List.of(name(dropped), name(FIRST_KEPT)), tables());
        partitions.keepUp(TODAY, FIRST_KEPT);
        assertEquals(List.of(name(FIRST_KEPT)), tables());
        assertTrue(days().stream().noneMatch(day -> day.isBefore(FIRST_KEPT)));
        assertEquals(2, UsageTables.countedOf(sample));
        assertThrows(IllegalArgumentException.class, () -> aggregates.recount(dropped));
        aggregates.recount(FIRST_KEPT);
        assertEquals(2, UsageTables.countedOf(sample));
    }

    @Test
    void whatWasFoldedBeforeItsPartitionMovesWithAllItsCalls() throws SQLException {
        var day = FIRST_KEPT.plusDays(4);
        var uses = SampleUses.of(sample.tenantId(), sample.credentialId(), sample.userId());
        var use = uses.with(begin(day), 200, "/a", 1, List.of("a tag"));
        chunks.add(List.of(DecidedChunk.of(Chunk.of(Collections.nCopies(7, use)))));
        partitions.keepUp(TODAY, FIRST_KEPT);
        assertEquals(List.of(name(day)), tables());
        var kept =
                "select calls || ' ' || array_to_string(tags, ',') from token_usage_events where credential_id = '%s'";
        assertEquals(List.of("7 a tag"), UsageTables.rows(kept.formatted(sample.credentialId())));
    }

    @Test
    void eventsThatCameBeforeTheirPartitionMoveIntoIt() throws SQLException {
        var late = sample.at(end(FIRST_KEPT.plusDays(2)));
        var tooLate = sample.at(end(FIRST_KEPT.minusDays(20)));
        var early = sample.at(begin(TODAY.plusDays(30)));
        store.add(List.of(late, tooLate, early));
        partitions.keepUp(TODAY, FIRST_KEPT);
        assertEquals(List.of(name(FIRST_KEPT.plusDays(2)), "token_usage_events_default"), tables());
        store.add(List.of(late));
        assertEquals(2, UsageTables.eventsOf(sample));
        assertEquals(3, UsageTables.countedOf(sample));
    }

    @Test
    void manyReplicasAtOnceMakeEachDayOnceWhileItsEventsArrive() throws Exception {
        var day = TODAY.plusDays(200);
        Callable<Void> keepUp = () -> {
            partitions.keepUp(day, FIRST_KEPT);
            return null;
        };
        Callable<Void> write = () -> {
            for (var i = 0; i < 40; i++) {
                assertEquals(List.of(), store.add(List.of(sample.at(begin(day).plusSeconds(i * 15_000L)))));
            }
            return null;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(List.of(write, keepUp, write, keepUp, keepUp, write))) {
                result.get();
            }
        }
        partitions.keepUp(day, FIRST_KEPT);
        assertTrue(days().containsAll(day.datesUntil(day.plusDays(8)).toList()));
        assertEquals(120, UsageTables.eventsOf(sample));
        assertEquals(120, UsageTables.countedOf(sample));
        assertTrue(tables().stream().noneMatch("token_usage_events_default"::equals));
    }

    @Test
    void anEventThatIsBeingWrittenWhileItsPartitionIsMadeMovesToo() throws Exception {
        var day = TODAY.plusDays(300);
        // So that the day is the first one to be made: whichever is the first waits for the writer.
        partitions.keepUp(day.minusDays(8), FIRST_KEPT);
        try (var writer = TestServices.postgres().getConnection();
                var statement = writer.createStatement();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            writer.setAutoCommit(false);
            statement.execute("""
                    insert into token_usage_events select '%s', '%s', '%s', '%s', 'api_token', null, 'GET', '/', 200, 1, 1, 'r'
                    """.formatted(begin(day), Uuid7.next(), sample.tenantId(), sample.credentialId()));
            var keepingUp = threads.submit(() -> partitions.keepUp(day, FIRST_KEPT));
            Thread.sleep(500);
            writer.commit();
            keepingUp.get();
        }
        assertEquals(List.of(name(day)), tables());
    }

    @Test
    void whileAnotherReplicaIsAtItNothingIsDone() throws SQLException {
        var day = TODAY.plusDays(400);
        try (var other = TestServices.postgres().getConnection();
                var statement = other.createStatement()) {
            statement.execute("select pg_advisory_lock(hashtextextended('latchkey.usage.partitions', 0))");
            partitions.keepUp(day, FIRST_KEPT);
            assertTrue(days().stream().noneMatch(day::equals));
        }
    }

    private static Instant begin(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static Instant end(LocalDate day) {
        return begin(day.plusDays(1)).minusNanos(1000);
    }

    private static String name(LocalDate day) {
        return "token_usage_events_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
    }

    private List<String> tables() throws SQLException {
        return UsageTables.rows(
                "select tableoid::regclass from token_usage_events where credential_id = '%s' order by at"
                        .formatted(sample.credentialId()));
    }

    private static List<LocalDate> days() throws SQLException {
        return UsageTables.rows("""
                select to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') from pg_inherits
                where inhparent = 'token_usage_events'::regclass and inhrelid::regclass::text ~ '_[0-9]{8}$'""").stream().map(LocalDate::parse).toList();
    }
}
