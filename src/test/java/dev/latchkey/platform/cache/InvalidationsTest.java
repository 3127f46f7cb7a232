package dev.latchkey.platform.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two replicas with one Redis between them: what one changes, the other forgets. */
@QuarkusTest
class InvalidationsTest {

    private static final String STREAM = "{latchkey:invalidations}:stream";
    private static final String EPOCH = "{latchkey:invalidations}:epoch";
    private static final String CACHE = "test-things";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Inject
    Redis redis;

    private final List<Replica> replicas = new ArrayList<>();

    @AfterEach
    void stopReplicas() throws InterruptedException {
        for (var replica : replicas) {
            replica.invalidations.stop(new ShutdownEvent());
        }
    }

    @Test
    void whatOneReplicaChangesTheOtherForgetsWithinASecond() {
        var one = replica();
        var other = replica();
        assertEquals("v1", one.read("key", "v1"));
        assertEquals("v1", other.read("key", "v1"));
        assertEquals("v1", other.read("key", "not asked for"));
        var started = System.nanoTime();

        one.invalidations.publish(CACHE, "key");

        assertEquals("v2", one.read("key", "v2"));
        until(() -> other.read("key", "v2").equals("v2"));
        assertTrue(System.nanoTime() - started < Duration.ofSeconds(1).toNanos());
    }

    @Test
    void otherKeysAndOtherCachesStay() {
        var one = replica();
        var other = replica();
        other.read("key", "v1");
        one.invalidations.publish(CACHE, "other key");
        one.invalidations.publish("other cache", "key");
        one.invalidations.publish(CACHE, "marker");
        until(() -> other.read("marker", "gone").equals("gone"));
        pause(Duration.ofMillis(500));
        assertEquals("v1", other.read("key", "v2"));
    }

    @Test
    void aReplicaThatMissedAWordForgetsEverything() {
        var other = replica();
        other.read("key", "v1");
        // As if an entry had been trimmed away before this replica read it.
        send(Request.cmd(Command.INCR).arg(EPOCH));
        replica().invalidations.publish("other cache", "other key");
        until(() -> other.read("key", "v2").equals("v2"));
    }

    @Test
    void aReplicaForgetsEverythingWhenRedisWasEmptied() {
        var other = replica();
        replica().invalidations.publish("other cache", "before");
        other.read("key", "v1");
        send(Request.cmd(Command.DEL).arg(EPOCH).arg(STREAM));
        until(() -> other.read("key", "v2").equals("v2"));
        // And hears again what comes afterwards.
        pause(Duration.ofMillis(500));
        assertEquals("v2", other.read("key", "v3"));
        replica().invalidations.publish(CACHE, "key");
        until(() -> other.read("key", "v3").equals("v3"));
    }

    @Test
    void aReplicaThatHearsNothingLooksForItself() throws InterruptedException {
        var deaf = replica();
        deaf.read("key", "v1");
        assertTrue(deaf.trust.isGiven());
        deaf.invalidations.stop(new ShutdownEvent());
        until(() -> !deaf.trust.isGiven());
        assertEquals("v2", deaf.look("key", "v2"));
        assertEquals("v3", deaf.look("key", "v3"));
    }

    @Test
    void aLoadThatAChangeOvertookIsNotKept() {
        var replica = replica();
        var slow = new CompletableFuture<String>();
        var loading = replica.cache.get("key", () -> Optional.of(slow.join())).subscribeAsCompletionStage();
        pause(Duration.ofMillis(50));

        replica.invalidations.publish(CACHE, "key");

        assertEquals("new", replica.read("key", "new"));
        slow.complete("old");
        assertEquals(Optional.of("old"), loading.join());
        assertEquals("new", replica.read("key", "newer"));
    }

    @Test
    void manyWhoAskAtOnceLoadOnce() {
        var replica = replica();
        var loads = new AtomicInteger();
        var release = new CompletableFuture<String>();
        var asked = new ArrayList<CompletableFuture<Optional<String>>>();
        for (var i = 0; i < 20; i++) {
            asked.add(replica.cache
                    .get("key", () -> {
                        loads.incrementAndGet();
                        return Optional.of(release.join());
                    })
                    .subscribeAsCompletionStage());
        }
        release.complete("value");
        asked.forEach(answer -> assertEquals(Optional.of("value"), answer.join()));
        assertEquals(1, loads.get());
    }

    @Test
    void aFailedLoadIsNotRemembered() {
        var replica = replica();
        var failed = replica.cache
                .get("key", () -> {
                    throw new IllegalStateException("the database is away");
                })
                .subscribeAsCompletionStage()
                .exceptionally(failure -> Optional.of("failed"))
                .join();
        assertEquals(Optional.of("failed"), failed);
        // The cache lets go of a failure a moment after it was told.
        pause(Duration.ofMillis(200));
        assertEquals("value", replica.read("key", "value"));
        assertFalse(replica.read("key", "other").equals("other"));
    }

    private Replica replica() {
        var metrics = new SimpleMeterRegistry();
        var trust = new CacheTrust(metrics);
        var caches = new NearCaches(trust, metrics);
        var replica = new Replica(trust, caches.create(CACHE, 100), new Invalidations(redis, caches, trust, metrics));
        replica.invalidations.start(new StartupEvent());
        replicas.add(replica);
        until(trust::isGiven);
        return replica;
    }

    private record Replica(CacheTrust trust, NearCache<String> cache, Invalidations invalidations) {

        /** What is known of the key, or else the truth; by a replica that believes what it knows. */
        String read(String key, String truth) {
            until(trust::isGiven);
            return look(key, truth);
        }

        String look(String key, String truth) {
            return cache.get(key, () -> Optional.of(truth))
                    .await()
                    .atMost(PATIENCE)
                    .orElseThrow();
        }
    }

    private void send(Request request) {
        redis.send(request).await().atMost(PATIENCE);
    }

    private static void until(BooleanSupplier condition) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not come about in time");
            pause(Duration.ofMillis(5));
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
