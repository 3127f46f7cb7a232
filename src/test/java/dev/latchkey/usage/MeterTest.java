package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.ChunkCodec;
import dev.latchkey.chunk.SampleUses;
import dev.latchkey.platform.redis.Keyspaces;
import dev.latchkey.platform.redis.RedisAvailability;
import dev.latchkey.usage.UsageRange.Granularity;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The whole way of an event through the running application, and what happens when a part of it is away. */
@QuarkusTest
class MeterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    Meter meter;

    @Inject
    EventStore store;

    @Inject
    ChunkStore chunks;

    @Inject
    UsageQueries queries;

    @Inject
    SwitchableServices services;

    @Inject
    RedisAvailability availability;

    @Inject
    Keyspaces keyspaces;

    @Inject
    RedisDataSource redis;

    @Inject
    MeterRegistry metrics;

    @Inject
    Vertx vertx;

    private final SampleEvents sample = SampleEvents.ofNewCredential();

    /** The tests that take a meter without Redis make the whole application believe for a moment that it is away. */
    @BeforeEach
    void awaitRedis() throws InterruptedException {
        var end = Instant.now().plus(PATIENCE);
        while (availability.isAway() && Instant.now().isBefore(end)) {
            Thread.sleep(20);
        }
    }

    @Test
    void aCallShowsInTheReport() throws Exception {
        record(meter, sample.at(Instant.now()));
        UsageTables.awaitCounted(sample, 1);
        var now = Instant.now();
        var range = new UsageRange(now.minusSeconds(3600), now.plusSeconds(3600), Granularity.MINUTE);
        assertEquals(
                1,
                queries.ofCredential(sample.tenantId(), sample.credentialId(), range)
                        .totalRequests());
    }

    @Test
    void manyCallsAtOnceAreEachCountedOnce() throws Exception {
        var before =
                metrics.counter("latchkey_usage_events_total", "way", "stream").count();
        var events = sample.random(new Random(5), 5000, Instant.now(), 1);
        Uni.join()
                .all(events.stream().map(meter::record).toList())
                .andFailFast()
                .await()
                .atMost(PATIENCE);
        UsageTables.awaitCounted(sample, 5000);
        assertTrue(
                metrics.counter("latchkey_usage_events_total", "way", "stream").count() >= before + 5000);
        assertTrue(metrics.get("latchkey_usage_batch_seconds").timer().count() > 0);
    }

    @Test
    void whenTheClockIsSetBackAnHourNothingIsLostOrCountedTwice() throws Exception {
        var clock = Instant.now();
        var before = sample.random(new Random(6), 50, clock.minusSeconds(3600), 1);
        var after = sample.random(new Random(7), 50, clock.minusSeconds(7200), 1);
        for (var events : List.of(before, after, before)) {
            events.forEach(event -> record(meter, event));
        }
        UsageTables.awaitCounted(sample, 100);
        awaitEmptyStream();
        assertEquals(100, UsageTables.countedOf(sample));
        // The last use does not go back with the clock.
        var last = before.stream().map(UsageEvent::at).max(Instant::compareTo).orElseThrow();
        assertEquals(
                List.of("t"),
                UsageTables.rows("select at = '%s' from usage_last_use where credential_id = '%s'"
                        .formatted(last, sample.credentialId())));
    }

    @Test
    void anEventIsRecordedEvenIfNobodySubscribes() throws Exception {
        var unused = meter.record(sample.at(Instant.now()));
        UsageTables.awaitCounted(sample, 1);
    }

    @Test
    void whenRedisIsAwayAnEventIsInPostgresBeforeTheAnswerLeaves() throws SQLException {
        record(meterWithoutRedis(store), sample.at(Instant.now()));
        assertEquals(1, UsageTables.countedOf(sample));
    }

    @Test
    void anEventThatTookBothWaysIsCountedOnce() throws Exception {
        var event = sample.at(Instant.now());
        record(meter, event);
        record(meterWithoutRedis(store), event);
        record(meter, event);
        record(meter, sample.at(Instant.now()));
        UsageTables.awaitCounted(sample, 2);
        awaitEmptyStream();
        assertEquals(2, UsageTables.countedOf(sample));
    }

    @Test
    void whenBothAreAwayTheCallerStillGetsAnAnswerAndTheLossIsCounted() throws SQLException {
        var nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
        var registry = new SimpleMeterRegistry();
        var alone =
                new Meter(deadRedis(), availability, keyspaces, new EventStore(nowhere, registry), chunks, registry);
        record(alone, sample.at(Instant.now()));
        assertEquals(1, registry.counter("latchkey_usage_events_lost_total").count());
        assertEquals(0, UsageTables.countedOf(sample));
    }

    @Test
    void aKeptChunkIsCountedOnceWhicheverWayItComes() throws Exception {
        var chunk = keptChunk();
        meter.tryRecord(chunk).await().atMost(PATIENCE);
        meterWithoutRedis(store).tryRecord(chunk).await().atMost(PATIENCE);
        meter.tryRecord(chunk).await().atMost(PATIENCE);
        UsageTables.awaitCounted(sample, 1);
        awaitEmptyStream();
        assertEquals(1, UsageTables.countedOf(sample));
    }

    @Test
    void aKeptChunkThatNobodyTakesFailsAndIsNotLost() {
        services.postgresAway(true);
        var registry = new SimpleMeterRegistry();
        var alone = services.meterWithoutRedis(registry);
        assertThrows(Exception.class, () -> alone.tryRecord(keptChunk()).await().atMost(PATIENCE));
        services.postgresAway(false);
        assertEquals(0, registry.counter("latchkey_usage_events_lost_total").count());
        assertEquals(
                0,
                registry.counter("latchkey_usage_events_total", "way", "direct").count());
    }

    @Test
    void aKeptChunkThatIsNoneFailsAloneWherePostgresWouldTakeIt() throws Exception {
        var alone = meterWithoutRedis(store);
        var garbage = keptChunk();
        garbage[0] = 99;
        var failing = alone.tryRecord(garbage);
        var sound = alone.tryRecord(keptChunk());
        assertThrows(IllegalArgumentException.class, () -> failing.await().atMost(PATIENCE));
        sound.await().atMost(PATIENCE);
        UsageTables.awaitCounted(sample, 1);
    }

    @Test
    void afterRedisWasEmptiedEventsAreCountedAsBefore() throws Exception {
        record(meter, sample.at(Instant.now()));
        UsageTables.awaitCounted(sample, 1);
        redis.flushall();
        record(meter, sample.at(Instant.now()));
        UsageTables.awaitCounted(sample, 2);
        awaitEmptyStream();
        assertEquals(0, metrics.get("latchkey_usage_stream_lag").gauge().value(), 0.5);
    }

    @Test
    void theCallerGoesOnInItsOwnContext() throws Exception {
        var began = new CompletableFuture<Context>();
        var wentOn = new CompletableFuture<Context>();
        vertx.getOrCreateContext().runOnContext(() -> {
            began.complete(io.vertx.core.Vertx.currentContext());
            meter.record(sample.at(Instant.now()))
                    .subscribe()
                    .with(nothing -> wentOn.complete(io.vertx.core.Vertx.currentContext()));
        });
        assertSame(began.get(20, TimeUnit.SECONDS), wentOn.get(20, TimeUnit.SECONDS));
    }

    private byte[] keptChunk() {
        var use = SampleUses.of(sample.tenantId(), sample.credentialId(), sample.userId())
                .at(Instant.now(), 200);
        return ChunkCodec.encode(Chunk.of(List.of(use)));
    }

    private Meter meterWithoutRedis(EventStore to) {
        return new Meter(deadRedis(), availability, keyspaces, to, chunks, new SimpleMeterRegistry());
    }

    private Redis deadRedis() {
        return Redis.createClient(vertx, "redis://127.0.0.1:1");
    }

    private static void record(Meter meter, UsageEvent event) {
        meter.record(event).await().atMost(PATIENCE);
    }

    private void awaitEmptyStream() throws InterruptedException {
        var end = Instant.now().plus(PATIENCE);
        while (redis.execute("XLEN", "latchkey:usage").toInteger() > 0
                && Instant.now().isBefore(end)) {
            Thread.sleep(20);
        }
        // One look more at the stream, so that the consumer's own view of it is new.
        Thread.sleep(1000);
    }
}
