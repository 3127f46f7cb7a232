package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.DecidedChunk;
import dev.latchkey.chunk.Outcome;
import dev.latchkey.chunk.SampleUses;
import dev.latchkey.credit.CreditLedger;
import dev.latchkey.credit.Refill;
import dev.latchkey.platform.id.Uuid7;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A chunk is counted once however often and from wherever it comes, and its credits with it. */
@QuarkusTest
class ChunkStoreTest {

    private static final Instant NOON =
            Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(12));

    @Inject
    ChunkStore store;

    @Inject
    CreditLedger ledger;

    @Inject
    UsageAggregates aggregates;

    @Inject
    UsageQueries queries;

    @Inject
    ChunkForgetting forgetting;

    @Inject
    DataSource database;

    private final SampleEvents owner = SampleEvents.ofNewCredential();
    private final SampleUses sample = SampleUses.of(owner.tenantId(), owner.credentialId(), owner.userId());

    @Test
    void aChunkThatComesTwiceAtOnceAndAgainLaterIsCountedOnce() throws SQLException {
        var chunk = decided(sample.random(new Random(1), 1, 30, NOON, 3)).getFirst();
        store.add(List.of(chunk, chunk));
        store.add(List.of(chunk));
        assertCounted(30);
    }

    @Test
    void amongChunksThatAreThereAlreadyTheNewOnesAreCounted() throws SQLException {
        var chunks = decided(sample.random(new Random(2), 6, 10, NOON, 3));
        store.add(chunks.subList(0, 2));
        store.add(chunks);
        assertCounted(60);
        assertEquals(6, written(chunks));
    }

    @Test
    void manyWritersOfTheSameChunksInAnyOrderCountEachOnceAndItsCreditsToo() throws Exception {
        var account = open(10_000);
        var paying = sample.paidBy(account);
        var chunks = decided(paying.random(new Random(3), 40, 10, NOON, 3));
        var writers = new ArrayList<Callable<List<ChunkStore.Refused>>>();
        for (var i = 0; i < 12; i++) {
            var part = new ArrayList<>(chunks);
            Collections.shuffle(part, new Random(i));
            writers.add(() -> store.add(part.subList(0, 30)));
        }
        writers.add(() -> store.add(chunks));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(writers)) {
                assertEquals(List.of(), result.get());
            }
        }
        assertCounted(400);
        var spent = chunks.stream()
                .flatMap(chunk -> chunk.chunk().uses().stream())
                .filter(use -> use.status() < 400)
                .count();
        assertEquals(10_000 - spent, balance(account));
        assertEquals(spent, number("select sum(credits) from token_usage_events where credential_id = '%s'"));
    }

    @Test
    void aRecountOfTheFoldedEventsIsWhatTheTotalsSay() throws SQLException {
        store.add(decided(sample.random(new Random(4), 10, 50, NOON, 6)));
        var totals = totals();
        LocalDate.ofInstant(NOON, ZoneOffset.UTC)
                .datesUntil(LocalDate.ofInstant(NOON, ZoneOffset.UTC).plusDays(2))
                .forEach(aggregates::recount);
        assertEquals(totals, totals());
        assertCounted(500);
        assertEquals(
                500,
                number("select sum(bucket) from usage_aggregates, unnest(latency_histogram) as bucket"
                        + " where credential_id = '%s'"));
    }

    @Test
    void whatDiedBeforeItsCommitNeverHappenedAndComesAgain() throws SQLException {
        var account = open(50);
        var chunk = decided(List.of(Chunk.of(List.of(sample.paidBy(account).at(NOON, 200)))));
        var doomed = new ChunkStore(dyingBeforeCommit(), ledger, new SimpleMeterRegistry());
        assertThrows(SQLException.class, () -> doomed.add(chunk));
        assertCounted(0);
        assertEquals(0, written(chunk));
        assertEquals(50, balance(account));
        store.add(chunk);
        assertCounted(1);
        assertEquals(49, balance(account));
    }

    @Test
    void creditsMoveWithTheirChunkAndOnlyOnce() throws SQLException {
        var account = open(2);
        var period = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
        var chunk = new DecidedChunk(
                sample.paidBy(account).undecided(4, NOON), Outcome.parse("1,c,1+8@" + period.toEpochMilli() + ",0"));
        for (var i = 0; i < 3; i++) {
            store.add(List.of(chunk));
        }
        assertEquals(8, balance(account));
        assertEquals(
                List.of("grant 2", "refill 8", "spend -2"),
                UsageTables.rows("select kind || ' ' || amount from credit_entries where account_id = '%s' order by 1"
                        .formatted(account)));
        assertEquals(2, number("select rate_limited from usage_aggregates where credential_id = '%s'"));
    }

    @Test
    void aChunkThatPostgresRefusesDoesNotKeepTheOthersBack() throws SQLException {
        var wrong = DecidedChunk.of(
                Chunk.of(List.of(sample.at(NOON, 200), sample.with(NOON, 200, "/nul\0", 1, List.of()))));
        var chunks = new ArrayList<>(decided(sample.random(new Random(5), 2, 10, NOON, 1)));
        chunks.add(1, wrong);
        assertEquals(
                List.of(wrong),
                store.add(chunks).stream().map(ChunkStore.Refused::chunk).toList());
        assertCounted(20);
    }

    @Test
    void reportsCountCallsAndNotRows() throws SQLException {
        store.add(decided(List.of(Chunk.of(Collections.nCopies(19, sample.with(NOON, 200, "/a", 1000, List.of()))))));
        store.add(decided(List.of(Chunk.of(List.of(
                sample.with(NOON, 429, "/a", 9000, List.of()), sample.with(NOON, 500, "/b", 3000, List.of()))))));
        for (var granularity : UsageRange.Granularity.values()) {
            var begin = granularity == UsageRange.Granularity.DAY ? NOON.truncatedTo(ChronoUnit.DAYS) : NOON;
            var range = new UsageRange(begin, begin.plus(Duration.ofDays(1)), granularity);
            var report = queries.ofCredential(owner.tenantId(), owner.credentialId(), range);
            assertEquals(21, report.totalRequests(), granularity.word());
            assertEquals(2, report.totalErrors());
            assertEquals(1, report.points().getFirst().rateLimited());
            assertEquals(1.476, report.points().getFirst().avgMs());
            assertEquals(
                    List.of(20L, 1L),
                    report.byEndpoint().stream()
                            .map(UsageReport.ByEndpoint::requests)
                            .toList());
        }
        var minutes = new UsageRange(NOON, NOON.plusSeconds(60), UsageRange.Granularity.MINUTE);
        var report = queries.ofCredential(owner.tenantId(), owner.credentialId(), minutes);
        // The 20th of 21 calls, and the 19th of 20.
        assertEquals(3.0, report.points().getFirst().p95Ms());
        assertEquals(1.0, report.byEndpoint().getFirst().p95Ms());
    }

    @Test
    void tagsScopesAndTheLastUseAreKept() throws SQLException {
        store.add(decided(List.of(Chunk.of(List.of(
                sample.with(NOON.plusSeconds(9), 200, "/a", 1, List.of("x,\"y\\", "{}", "NULL", "\u00e9")),
                sample.at(NOON, 200))))));
        var id = owner.credentialId();
        assertEquals(
                List.of("NULL|x,\"y\\|{}|\u00e9"),
                UsageTables.rows("select array_to_string(tags, '|') from token_usage_events where credential_id = '%s'"
                                .formatted(id)
                        + " and cardinality(tags) > 0"));
        assertEquals(Map.of(id, Set.of("read:audits")), queries.scopesUsed(List.of(id)));
        assertEquals(Map.of(id, NOON.plusSeconds(9)), queries.lastUse(List.of(id)));
        store.add(decided(List.of(Chunk.of(List.of(sample.at(NOON, 200))))));
        assertEquals(Map.of(id, NOON.plusSeconds(9)), queries.lastUse(List.of(id)));
        store.add(decided(List.of(Chunk.of(List.of(sample.at(NOON.plusSeconds(90), 200))))));
        assertEquals(Map.of(id, NOON.plusSeconds(90)), queries.lastUse(List.of(id)));
    }

    @Test
    void chunksAreForgottenAfterSevenDaysAndNotBefore() throws SQLException {
        var chunks = decided(sample.random(new Random(6), 2, 1, NOON, 1));
        store.add(chunks);
        UsageTables.rows("update usage_chunks set at = now() - interval '169 hours' where id = '%s' returning id"
                .formatted(chunks.getFirst().chunk().id()));
        UsageTables.rows("update usage_chunks set at = now() - interval '167 hours' where id = '%s' returning id"
                .formatted(chunks.getLast().chunk().id()));
        forgetting.forget();
        assertEquals(0, written(chunks.subList(0, 1)));
        assertEquals(1, written(chunks.subList(1, 2)));
    }

    /** Connections that end, as those of a killed process do, when their transaction is about to be committed. */
    private DataSource dyingBeforeCommit() {
        return as(DataSource.class, (self, getConnection, nothing) -> {
            var connection = database.getConnection();
            return as(Connection.class, (it, called, arguments) -> {
                if (called.getName().equals("commit")) {
                    throw new SQLException("killed", "57P01");
                }
                return called.invoke(connection, arguments);
            });
        });
    }

    private static <T> T as(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private UUID open(long credits) throws SQLException {
        var tenant = UUID.fromString(
                UsageTables.rows("select id from tenants limit 1").getFirst());
        var account = Uuid7.next();
        QuarkusTransaction.requiringNew()
                .run(() -> ledger.open(tenant, account, credits, Optional.of(Refill.daily(10))));
        return account;
    }

    private static List<DecidedChunk> decided(List<Chunk> chunks) {
        return chunks.stream().map(DecidedChunk::of).toList();
    }

    private static long balance(UUID account) throws SQLException {
        return Long.parseLong(UsageTables.rows("select balance from credit_accounts where id = '%s'".formatted(account))
                .getFirst());
    }

    private static long written(List<DecidedChunk> chunks) throws SQLException {
        var ids = chunks.stream().map(chunk -> chunk.chunk().id().toString()).toList();
        return Long.parseLong(
                UsageTables.rows("select count(*) from usage_chunks where id in ('" + String.join("','", ids) + "')")
                        .getFirst());
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(
                UsageTables.rows(sql.formatted(owner.credentialId())).getFirst());
    }

    private List<String> totals() throws SQLException {
        return UsageTables.rows(
                "select known::text from usage_aggregates as known where credential_id = '%s' order by 1"
                        .formatted(owner.credentialId()));
    }

    private void assertCounted(int calls) throws SQLException {
        assertEquals(
                calls, number("select coalesce(sum(calls), 0) from token_usage_events where credential_id = '%s'"));
        assertEquals(calls, UsageTables.countedOf(owner));
        assertTrue(UsageTables.eventsOf(owner) <= calls);
    }
}
