package dev.latchkey.platform.cache;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Gives to Redis what is in the outbox, whichever replica wrote it. */
@ApplicationScoped
class InvalidationRelay {

    private static final Logger LOG = Logger.getLogger(InvalidationRelay.class);
    private static final Duration RETRY = Duration.ofMillis(250);

    private final Redis redis;
    private final InvalidationOutbox outbox;
    private final Semaphore work = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    InvalidationRelay(Redis redis, InvalidationOutbox outbox) {
        this.redis = redis;
        this.outbox = outbox;
    }

    /** There may be something in the outbox. */
    void wake() {
        work.release();
    }

    void start(@Observes StartupEvent event) {
        thread =
                Thread.ofPlatform().name("latchkey-invalidation-relay").daemon().start(this::run);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        var running = thread;
        if (running != null) {
            running.interrupt();
            running.join(RETRY.multipliedBy(4));
        }
    }

    private void run() {
        var complained = false;
        while (!stopping) {
            try {
                work.acquire();
                work.drainPermits();
                deliver();
                complained = false;
            } catch (InterruptedException e) {
                stopping = true;
            } catch (RuntimeException e) {
                if (!stopping && !complained) {
                    LOG.warnf("Invalidations wait in PostgreSQL for a replica that reaches Redis (%s)", e);
                }
                complained = true;
                rest();
                wake();
            }
        }
    }

    // Redis first: who does not reach it holds no rows that another replica could take.
    private void deliver() {
        try (var stream = InvalidationStream.connect(redis)) {
            stream.check();
            var delivered = InvalidationOutbox.BATCH_MAX;
            while (delivered == InvalidationOutbox.BATCH_MAX) {
                delivered = outbox.deliver(stream::append);
            }
        }
    }

    private void rest() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            stopping = true;
        }
    }
}
