package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.ChunkCodec;
import dev.latchkey.chunk.DecidedChunk;
import dev.latchkey.chunk.SampleUses;
import dev.latchkey.chunk.Use;
import dev.latchkey.credit.CreditLedger;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.redis.Keyspaces;
import dev.latchkey.platform.redis.RedisAvailability;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The way of a chunk from the stream to PostgreSQL, and past the stream when Redis is away. */
@QuarkusTest
class ChunkMoverTest {

    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    Redis redis;

    @Inject
    RedisDataSource commands;

    @Inject
    RedisAvailability availability;

    @Inject
    Keyspaces keyspaces;

    @Inject
    Vertx vertx;

    @Inject
    Meter meter;

    @Inject
    EventStore events;

    @Inject
    ChunkStore chunks;

    @Inject
    CreditLedger ledger;

    private final String key = "latchkey:usage:" + UUID.randomUUID();
    private final SampleEvents owner = SampleEvents.ofNewCredential();
    private final SampleUses sample = SampleUses.of(owner.tenantId(), owner.credentialId(), owner.userId());

    /** The tests that take a meter without Redis make the whole application believe for a moment that it is away. */
    @BeforeEach
    void awaitRedis() throws InterruptedException {
        var end = Instant.now().plus(PATIENCE);
        while (availability.isAway() && Instant.now().isBefore(end)) {
            Thread.sleep(20);
        }
    }

    @Test
    void eventsAndChunksOfOneStreamAreMovedTogetherWithWhatWasDecided() throws SQLException {
        var account = open(5);
        var paying = sample.paidBy(account);
        append(paying.undecided(6, Instant.now()), "1,0,m,1,c,m");
        append(paying.undecided(1, Instant.now()), "m");
        append(paying.random(new Random(1), 1, 10, Instant.now(), 1).getFirst(), "");
        redis.sendAndAwait(UsageStream.append(key, new EventCodec().encode(owner.at(Instant.now()))));
        moveAll("one");
        assertCounted(15);
        assertTrue(balance(account) <= 3);
    }

    @Test
    void chunksThatSeveralConsumersTakeFromEachOtherAndThatCameTwiceAreCountedOnce() throws Exception {
        var account = open(100_000);
        var paying = sample.paidBy(account);
        for (var i = 0; i < 150; i++) {
            var chunk = paying.undecided(8, Instant.now());
            append(chunk, "1,1,1,1,1,1,1,1");
            if (i % 3 == 0) {
                append(chunk, "1,1,1,1,1,1,1,1");
            }
        }
        var consumers = new ArrayList<Callable<Void>>();
        for (var name : List.of("one", "two", "three")) {
            consumers.add(() -> {
                moveAll(name);
                return null;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(consumers)) {
                result.get();
            }
        }
        assertCounted(1200);
        assertEquals(98_800, balance(account));
    }

    @Test
    void aConsumerThatDiesBetweenCommitAndAcknowledgementIsTakenOverAndCountsOnce() throws Exception {
        var chunk = sample.random(new Random(2), 1, 20, Instant.now(), 1).getFirst();
        append(chunk, "");
        try (var doomed = connect("doomed")) {
            assertEquals(1, doomed.read().size());
            chunks.add(List.of(DecidedChunk.of(chunk)));
        }
        moveAll("heir");
        assertCounted(20);
    }

    @Test
    void whatIsNoChunkIsPutAsideWithAllItsBytesAndKeepsNothingBack() throws SQLException {
        var good = sample.undecided(2, Instant.now());
        var nul = Chunk.of(List.of(sample.with(Instant.now(), 200, "/nul\0", 1, List.of())));
        append(good, "1,1");
        append(sample.undecided(2, Instant.now()), "1");
        append(sample.undecided(2, Instant.now()), "1,x");
        append(sample.undecided(2, Instant.now()), "");
        append(sample.undecided(1, Instant.now()), "1+5@5");
        append(nul, "");
        redis.sendAndAwait(Request.cmd(Command.XADD).arg(key).arg("*").arg("k").arg(new byte[] {1, (byte) 0xff, 0}));
        append(sample.undecided(2, Instant.now()), "1,0");
        moveAll("one");
        assertCounted(4);
        assertEquals(6, commands.execute("XLEN", key + ":dead").toInteger());
        var last = commands.execute("XREVRANGE", key + ":dead", "+", "-", "COUNT", "6")
                .toString();
        assertTrue(last.contains("22021") && last.contains("outcomes"), last);
    }

    @Test
    void noMoreIsTakenInHandThanIsGoodAndNothingStaysBehind() throws SQLException {
        var many = sample.undecided(30, Instant.now());
        for (var from = 0; from < 4; from++) {
            var requests = new ArrayList<Request>();
            for (var i = 0; i < 600; i++) {
                requests.add(UsageStream.append(key, ChunkCodec.encode(new Chunk(Uuid7.next(), decided(many)))));
            }
            redis.batchAndAwait(requests);
        }
        try (var stream = connect("one")) {
            var moved = mover(NEVER).step(stream);
            assertTrue(moved.isMore() && moved.entries() < 2400, moved.toString());
        }
        moveAll("one");
        assertCounted(2400 * 30);
    }

    @Test
    void aChunkThatIsRecordedShowsSoon() throws Exception {
        var chunk = sample.random(new Random(3), 1, 30, Instant.now(), 1).getFirst();
        meter.record(chunk).await().atMost(PATIENCE);
        awaitCounted(30);
        meter.record(chunk).await().atMost(PATIENCE);
        meterWithoutRedis(chunks).record(chunk).await().atMost(PATIENCE);
        awaitRedis();
        meter.record(sample.random(new Random(4), 1, 5, Instant.now(), 1).getFirst())
                .await()
                .atMost(PATIENCE);
        awaitCounted(35);
    }

    @Test
    void whenRedisIsAwayAChunkIsInPostgresBeforeTheAnswerLeaves() throws SQLException {
        var chunk = sample.random(new Random(5), 1, 30, Instant.now(), 1).getFirst();
        meterWithoutRedis(chunks).record(chunk).await().atMost(PATIENCE);
        assertCounted(30);
    }

    @Test
    void whenBothAreAwayEachUseIsCountedAsLost() {
        var nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
        var registry = new SimpleMeterRegistry();
        var alone = new Meter(
                deadRedis(), availability, keyspaces, events, new ChunkStore(nowhere, ledger, registry), registry);
        alone.record(sample.random(new Random(6), 1, 30, Instant.now(), 1).getFirst())
                .await()
                .atMost(PATIENCE);
        assertEquals(30, registry.counter("latchkey_usage_events_lost_total").count());
    }

    @Test
    void aChunkWhoseUsesTellNoStatusIsNotRecorded() {
        var chunk = sample.undecided(1, Instant.now());
        assertThrows(IllegalArgumentException.class, () -> meter.record(chunk));
    }

    private List<Use> decided(Chunk chunk) {
        return Collections.nCopies(chunk.uses().size(), sample.at(Instant.now(), 200));
    }

    private UUID open(long credits) throws SQLException {
        var tenant = UUID.fromString(
                UsageTables.rows("select id from tenants limit 1").getFirst());
        var account = Uuid7.next();
        QuarkusTransaction.requiringNew().run(() -> ledger.open(tenant, account, credits, Optional.empty()));
        return account;
    }

    private long balance(UUID account) {
        return ledger.load(account, Instant.now()).orElseThrow().balance();
    }

    private void append(Chunk chunk, String outcomes) {
        var request = UsageStream.append(key, ChunkCodec.encode(chunk));
        redis.sendAndAwait(outcomes.isEmpty() ? request : request.arg("o").arg(outcomes));
    }

    private EventMover mover(Duration claimAfter) {
        return new EventMover(events, chunks, claimAfter, NEVER);
    }

    private void moveAll(String consumer) throws SQLException {
        var mover = mover(SOON);
        try (var stream = connect(consumer)) {
            while (stream.length() > 0) {
                mover.step(stream);
            }
        }
    }

    private UsageStream connect(String consumer) {
        return UsageStream.connect(redis, key, consumer, UsageStream.WAIT);
    }

    private Meter meterWithoutRedis(ChunkStore to) {
        return new Meter(deadRedis(), availability, keyspaces, events, to, new SimpleMeterRegistry());
    }

    private Redis deadRedis() {
        return Redis.createClient(vertx, "redis://127.0.0.1:1");
    }

    private long calls() throws SQLException {
        return Long.parseLong(
                UsageTables.rows("select coalesce(sum(calls), 0) from token_usage_events where credential_id = '%s'"
                                .formatted(owner.credentialId()))
                        .getFirst());
    }

    private void awaitCounted(int calls) throws SQLException, InterruptedException {
        var end = Instant.now().plus(PATIENCE);
        while (calls() < calls && Instant.now().isBefore(end)) {
            Thread.sleep(50);
        }
        assertCounted(calls);
    }

    private void assertCounted(int calls) throws SQLException {
        assertEquals(calls, calls());
        assertEquals(calls, UsageTables.countedOf(owner));
    }
}
