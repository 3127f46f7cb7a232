package dev.latchkey.platform.cache;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.arc.Arc;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What one replica has of caches and invalidations, over a Redis and a PostgreSQL of the test's choice. */
final class Replica implements AutoCloseable {

    static final String CACHE = "test-things";
    static final int PLACES = 20;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    final CacheTrust trust;
    final ChangeFeed feed;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final NearCache<String> cache;
    private final Invalidations invalidations;
    private final InvalidationRelay relay;
    private final InvalidationListener listener;

    /** How many may wait for changes. */
    private record Places(int waitersMax, int waitersPerTenantMax) implements ChangeFeedConfig {}

    private Replica(Redis redis, DataSource database) {
        var outbox = new InvalidationOutbox(database);
        var transactions = Arc.container()
                .instance(TransactionSynchronizationRegistry.class)
                .get();
        trust = new CacheTrust(metrics);
        var caches = new NearCaches(trust, metrics);
        cache = caches.create(CACHE, 100);
        relay = new InvalidationRelay(redis, outbox);
        invalidations = new Invalidations(outbox, relay, caches, transactions);
        feed = new ChangeFeed(trust, new Places(PLACES, PLACES - 1), metrics);
        listener = new InvalidationListener(redis, direct(database), relay, caches, trust, feed, metrics);
    }

    private static DirectConnections direct(DataSource database) {
        return database instanceof PGSimpleDataSource simple
                ? new DirectConnections(
                        simple.getUrl(), String.valueOf(simple.getUser()), String.valueOf(simple.getPassword()))
                : Arc.container().instance(DirectConnections.class).get();
    }

    static Replica start(Redis redis, DataSource database) {
        var replica = new Replica(redis, database);
        replica.relay.start(new StartupEvent());
        replica.listener.start(new StartupEvent());
        replica.feed.start(new StartupEvent());
        return replica;
    }

    /** One that hears, and never gives to Redis what it finds in the outbox. */
    static Replica startListening(Redis redis, DataSource database) {
        var replica = new Replica(redis, database);
        replica.listener.start(new StartupEvent());
        replica.feed.start(new StartupEvent());
        return replica;
    }

    Replica awaitTrust() {
        until(trust::isGiven);
        return this;
    }

    /** In a transaction of its own, which has committed when this returns. */
    void announce(String name, String key) {
        QuarkusTransaction.requiringNew().run(() -> invalidations.announce(name, key));
    }

    /** What is known of the key, or else the truth; by a replica that believes what it knows. */
    String read(String key, String truth) {
        until(trust::isGiven);
        return look(key, truth);
    }

    String look(String key, String truth) {
        return cache.get(key, () -> Optional.of(truth)).await().atMost(PATIENCE).orElseThrow();
    }

    CompletableFuture<Optional<String>> load(String key, CompletableFuture<String> slow) {
        return cache.get(key, () -> Optional.of(slow.join())).subscribeAsCompletionStage();
    }

    /** How often it went for the truth. */
    long loads() {
        return (long)
                metrics.counter("latchkey_near_cache_misses", "cache", CACHE).count();
    }

    void stopListening() throws InterruptedException {
        listener.stop(new ShutdownEvent());
    }

    @Override
    public void close() throws InterruptedException {
        relay.stop(new ShutdownEvent());
        listener.stop(new ShutdownEvent());
        feed.stop(new ShutdownEvent());
    }

    static void until(BooleanSupplier condition) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not come about in time");
            pause(Duration.ofMillis(5));
        }
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
