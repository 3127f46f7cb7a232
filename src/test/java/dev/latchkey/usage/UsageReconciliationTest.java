package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.chunk.DecidedChunk;
import dev.latchkey.chunk.SampleUses;
import dev.latchkey.local.TestServices;
import dev.latchkey.platform.cluster.ClusterLock;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Totals that are not the sum of their events are found, shown and mended; totals that are raise no alarm. */
@QuarkusTest
class UsageReconciliationTest {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
    private static final LocalDate FIRST_KEPT = TODAY.minusDays(5);
    private static final Instant BEGIN_OF_FIRST = FIRST_KEPT.atStartOfDay().toInstant(ZoneOffset.UTC);

    @Inject
    EventStore store;

    @Inject
    ChunkStore chunks;

    @Inject
    UsageReconciliation reconciliation;

    @Inject
    ClusterLock lock;

    @Inject
    MeterRegistry metrics;

    private final SampleEvents sample = SampleEvents.ofNewCredential();

    @BeforeEach
    void nothingWasCompared() throws SQLException {
        execute("delete from usage_reconciliations");
    }

    @Test
    void totalsThatAreTheSumOfTheirEventsRaiseNoAlarm() throws SQLException {
        store.add(sample.random(new Random(1), 200, BEGIN_OF_FIRST, 5 * 24));
        reconcile();
        assertEquals(0, figure());
        assertEquals(6, checked());
    }

    @Test
    void totalsOfWhatWasFoldedRaiseNoAlarm() throws SQLException {
        var folded = SampleUses.ofNewCredential().random(new Random(2), 5, 40, BEGIN_OF_FIRST, 1);
        chunks.add(folded.stream().map(DecidedChunk::of).toList());
        reconcile();
        assertEquals(0, figure());
    }

    @Test
    void aCorruptedTotalIsFoundCountedAndMended() throws SQLException {
        store.add(List.of(sample.at(BEGIN_OF_FIRST), sample.at(BEGIN_OF_FIRST.plusSeconds(1))));
        store.add(List.of(sample.at(BEGIN_OF_FIRST.plus(1, ChronoUnit.DAYS))));
        execute("update usage_aggregates set requests = 9 where day = '%s' and credential_id = '%s'"
                .formatted(FIRST_KEPT, sample.credentialId()));
        execute("delete from usage_aggregates where day > '%s' and credential_id = '%s'"
                .formatted(FIRST_KEPT, sample.credentialId()));
        reconcile();
        assertEquals(7 + 1, figure());
        assertEquals(3, UsageTables.countedOf(sample));

        nothingWasCompared();
        reconcile();
        assertEquals(0, figure());
    }

    @Test
    void soIsOneWhoseRequestsAloneAreRight() throws SQLException {
        store.add(List.of(sample.at(BEGIN_OF_FIRST)));
        execute("update usage_aggregates set bytes = bytes + 1 where credential_id = '%s'"
                .formatted(sample.credentialId()));
        reconcile();
        assertEquals(
                List.of("100"),
                UsageTables.rows("select bytes from usage_aggregates where credential_id = '%s'"
                        .formatted(sample.credentialId())));
    }

    @Test
    void aDayIsNotComparedAgainBeforeItIsTime() throws SQLException {
        reconcile();
        var checks = UsageTables.rows("select checked_at from usage_reconciliations order by day");
        reconcile();
        assertEquals(checks, UsageTables.rows("select checked_at from usage_reconciliations order by day"));
        execute("update usage_reconciliations set checked_at = now() - interval '2 hours'");
        reconcile();
        assertEquals(
                List.of(TODAY.minusDays(1).toString(), TODAY.toString()),
                UsageTables.rows(
                        "select day from usage_reconciliations where checked_at > now() - interval '1 hour' order by day"));
    }

    @Test
    void whileOneReplicaIsAtItOthersAreNot() throws Exception {
        try (var threads = Executors.newSingleThreadExecutor()) {
            QuarkusTransaction.requiringNew().call(() -> {
                assertTrue(lock.tryTake("usage.reconciliation"));
                threads.submit(this::reconcile).get();
                return null;
            });
        }
        assertEquals(0, checked());
    }

    @Test
    void eventsThatArriveMeanwhileRaiseNoAlarm() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writing = threads.submit(() -> {
                for (var i = 0; i < 300; i++) {
                    store.add(sample.random(new Random(), 5, BEGIN_OF_FIRST, 24));
                }
                return null;
            });
            while (!writing.isDone()) {
                nothingWasCompared();
                reconcile();
                assertEquals(0, figure());
            }
            writing.get();
        }
    }

    private void reconcile() {
        reconciliation.reconcile(TODAY, FIRST_KEPT);
    }

    private double figure() {
        return metrics.get("latchkey_usage_reconciliation_difference").gauge().value();
    }

    private static long checked() throws SQLException {
        return UsageTables.rows("select day from usage_reconciliations").size();
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
