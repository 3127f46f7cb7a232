package dev.latchkey.platform.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Tells all replicas what changed, and listens to them. */
@ApplicationScoped
public class Invalidations {

    private static final Logger LOG = Logger.getLogger(Invalidations.class);
    private static final Duration RETRY = Duration.ofMillis(250);

    private record Change(String cache, String key) {}

    private final Redis redis;
    private final NearCaches caches;
    private final CacheTrust trust;
    private final Queue<Change> unsent = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;
    private @Nullable Thread listener;
    // Of the listener's thread alone: what was said once is not said again.
    private boolean bypassing;

    Invalidations(Redis redis, NearCaches caches, CacheTrust trust, MeterRegistry metrics) {
        this.redis = redis;
        this.caches = caches;
        this.trust = trust;
        metrics.gauge("latchkey_invalidations_unsent", unsent, Queue::size);
    }

    /**
     * Forgets the value here before it returns, and on every other replica as soon as Redis has the word. Call it after
     * the commit. When Redis is away the word is kept and sent later; replicas that are cut off too bypass their caches meanwhile.
     */
    public void publish(String cache, String key) {
        caches.forget(cache, key);
        try (var stream = InvalidationStream.connect(redis)) {
            stream.append(cache, key);
        } catch (RuntimeException e) {
            LOG.errorf("Redis is away: the invalidation of one entry of %s is kept and sent later", cache);
            unsent.add(new Change(cache, key));
        }
    }

    void start(@Observes StartupEvent event) {
        listener = Thread.ofPlatform().name("latchkey-invalidations").daemon().start(this::listen);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        var thread = listener;
        if (thread != null) {
            thread.interrupt();
            thread.join(RETRY.multipliedBy(4));
        }
    }

    private void listen() {
        while (!stopping) {
            try (var stream = InvalidationStream.connect(redis)) {
                follow(stream);
            } catch (RuntimeException e) {
                if (!stopping && !bypassing) {
                    LOG.warnf("Invalidations cannot be read: near caches are bypassed (%s)", e);
                }
                bypassing = true;
            }
            trust.lost();
            pause();
        }
    }

    private void follow(InvalidationStream stream) {
        while (!stopping) {
            var asked = System.nanoTime();
            var position = stream.last();
            caches.forgetAll();
            trust.heard(asked);
            bypassing = false;
            while (!stopping && position != null) {
                sendUnsent(stream);
                position = next(stream, position);
            }
        }
    }

    /** One reading of the stream; null when entries were missed and everything must be forgotten. */
    private InvalidationStream.@Nullable Position next(
            InvalidationStream stream, InvalidationStream.Position position) {
        var asked = System.nanoTime();
        var entries = stream.after(position);
        for (var entry : entries) {
            if (entry.epoch() != position.epoch() + 1) {
                LOG.warnf(
                        "Invalidations %d to %d were missed: near caches are emptied",
                        position.epoch() + 1, entry.epoch() - 1);
                return null;
            }
            caches.forget(entry.cache(), entry.key());
            position = new InvalidationStream.Position(entry.id(), entry.epoch());
        }
        // An emptied Redis shows no entry: only its epoch tells. A higher one belongs to an entry that comes with the
        // next reading.
        if (entries.isEmpty() && stream.epoch() < position.epoch()) {
            LOG.warn("Redis was emptied: near caches are emptied");
            return null;
        }
        trust.heard(asked);
        return position;
    }

    private void sendUnsent(InvalidationStream stream) {
        for (var change = unsent.peek(); change != null; change = unsent.peek()) {
            stream.append(change.cache(), change.key());
            unsent.remove();
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }
}
