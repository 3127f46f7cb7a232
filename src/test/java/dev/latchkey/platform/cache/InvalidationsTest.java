package dev.latchkey.platform.cache;

import static dev.latchkey.platform.cache.Replica.CACHE;
import static dev.latchkey.platform.cache.Replica.pause;
import static dev.latchkey.platform.cache.Replica.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two replicas with one Redis and one PostgreSQL between them: what one changes, the other forgets. */
@QuarkusTest
class InvalidationsTest {

    private static final String STREAM = "{latchkey:invalidations}:stream";
    private static final String EPOCH = "{latchkey:invalidations}:epoch";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Inject
    Redis redis;

    @Inject
    DataSource database;

    private final List<Replica> replicas = new ArrayList<>();

    @AfterEach
    void stopReplicas() throws InterruptedException {
        for (var replica : replicas) {
            replica.close();
        }
    }

    @Test
    void whatOneReplicaChangesTheOtherForgetsWithinASecond() {
        var one = replica();
        var other = replica();
        assertEquals("v1", one.read("key", "v1"));
        assertEquals("v1", other.read("key", "v1"));
        assertEquals("v1", other.read("key", "not asked for"));

        one.announce(CACHE, "key");
        var announced = System.nanoTime();

        assertEquals("v2", one.look("key", "v2"));
        var asked = System.nanoTime();
        while (!other.look("key", "v2").equals("v2")) {
            assertTrue(asked - announced < Duration.ofSeconds(1).toNanos());
            asked = System.nanoTime();
        }
    }

    @Test
    void otherKeysAndOtherCachesStay() {
        var one = replica();
        var other = replica();
        other.read("key", "v1");
        one.announce(CACHE, "other key");
        one.announce("other cache", "key");
        one.announce(CACHE, "marker");
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
        replica().announce("other cache", "other key");
        until(() -> other.read("key", "v2").equals("v2"));
    }

    @Test
    void aReplicaForgetsEverythingWhenRedisWasEmptied() {
        var other = replica();
        replica().announce("other cache", "before");
        other.read("key", "v1");
        send(Request.cmd(Command.DEL).arg(EPOCH).arg(STREAM));
        until(() -> other.read("key", "v2").equals("v2"));
        // And hears again what comes afterwards.
        pause(Duration.ofMillis(500));
        assertEquals("v2", other.read("key", "v3"));
        replica().announce(CACHE, "key");
        until(() -> other.read("key", "v3").equals("v3"));
    }

    @Test
    void aReplicaThatHearsNothingLooksForItself() throws InterruptedException {
        var deaf = replica();
        deaf.read("key", "v1");
        assertTrue(deaf.trust.isGiven());
        deaf.stopListening();
        until(() -> !deaf.trust.isGiven());
        assertEquals("v2", deaf.look("key", "v2"));
        assertEquals("v3", deaf.look("key", "v3"));
    }

    @Test
    void aLoadThatAChangeOvertookIsNotKept() {
        var replica = replica();
        var slow = new CompletableFuture<String>();
        var loading = replica.load("key", slow);
        pause(Duration.ofMillis(50));

        replica.announce(CACHE, "key");

        assertEquals("new", replica.read("key", "new"));
        slow.complete("old");
        assertEquals(Optional.of("old"), loading.join());
        assertEquals("new", replica.read("key", "newer"));
    }

    @Test
    void norIsOneThatAChangeOfAnotherReplicaOvertook() {
        var one = replica();
        var other = replica();
        var slow = new CompletableFuture<String>();
        var loading = other.load("key", slow);
        pause(Duration.ofMillis(50));

        one.announce(CACHE, "key");

        // The word for this key came before the word for the next one.
        other.read("marker", "v1");
        one.announce(CACHE, "marker");
        until(() -> other.read("marker", "v2").equals("v2"));
        slow.complete("old");
        assertEquals(Optional.of("old"), loading.join());
        assertEquals("new", other.read("key", "new"));
    }

    @Test
    void manyWhoAskAtOnceLoadOnce() {
        var replica = replica();
        var release = new CompletableFuture<String>();
        var asked = new ArrayList<CompletableFuture<Optional<String>>>();
        for (var i = 0; i < 20; i++) {
            asked.add(replica.load("key", release));
        }
        assertEquals("other", replica.read("other", "other"));
        release.complete("value");
        asked.forEach(answer -> assertEquals(Optional.of("value"), answer.join()));
        assertEquals(2, replica.loads());
    }

    @Test
    void aFailedLoadIsNotRemembered() {
        var replica = replica();
        var failed = new CompletableFuture<String>();
        failed.completeExceptionally(new IllegalStateException("the database is away"));
        var answer = replica.load("key", failed).exceptionally(failure -> Optional.of("failed"));
        assertEquals(Optional.of("failed"), answer.join());
        // The cache lets go of a failure a moment after it was told.
        pause(Duration.ofMillis(200));
        assertEquals("value", replica.read("key", "value"));
        assertFalse(replica.read("key", "other").equals("other"));
    }

    private Replica replica() {
        var replica = Replica.start(redis, database);
        replicas.add(replica);
        return replica.awaitTrust();
    }

    private void send(Request request) {
        redis.send(request).await().atMost(PATIENCE);
    }
}
