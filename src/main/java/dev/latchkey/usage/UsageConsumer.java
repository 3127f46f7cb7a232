package dev.latchkey.usage;

import dev.latchkey.platform.id.Uuid7;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an {@link EventMover} at work on this replica, through failures of Redis and PostgreSQL. At shutdown the entries in hand are
 * moved to the end; what is still in the stream is for the other replicas, or for the next start.
 */
@ApplicationScoped
class UsageConsumer {

    private static final Logger LOG = Logger.getLogger(UsageConsumer.class);
    private static final Duration PAUSE_MIN = Duration.ofMillis(100);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);
    // Uses fold when there are many of them; a report may be that much behind.
    private static final Duration GATHER = Duration.ofSeconds(1);
    private static final int FEW = 100;
    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    private final Redis redis;
    private final EventMover mover;
    private final String name = Uuid7.next().toString();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile double lag = Double.NaN;
    private @Nullable Thread thread;

    UsageConsumer(Redis redis, EventStore store, ChunkStore chunks, UsageConfig config, MeterRegistry metrics) {
        this.redis = redis;
        this.mover = new EventMover(store, chunks, config.claimAfter(), config.forgetConsumerAfter());
        Gauge.builder("latchkey_usage_stream_lag", this, consumer -> consumer.lag)
                .description(
                        "Entries, events and chunks, in Redis that are not yet in PostgreSQL; no number while Redis is away")
                .register(metrics);
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofVirtual().name("latchkey-usage").start(this::run);
    }

    // Not interrupted: that would tear its connections. It looks up at least every half second.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        var running = thread;
        if (running != null && !running.join(END_WITHIN)) {
            LOG.warn("The usage consumer did not end in time; its entries are claimed by another one");
        }
    }

    private void run() {
        var pause = PAUSE_MIN;
        while (!isStopping()) {
            try (var stream = UsageStream.connect(redis, UsageStream.KEY, name)) {
                LOG.debugf("Usage consumer %s begins", name);
                while (!isStopping()) {
                    var began = System.nanoTime();
                    var moved = mover.step(stream);
                    lag = stream.length();
                    pause = PAUSE_MIN;
                    if (moved.entries() > FEW && !moved.isMore()) {
                        rest(GATHER.minusNanos(System.nanoTime() - began));
                    }
                }
            } catch (SQLException | RuntimeException e) {
                lag = Double.NaN;
                LOG.warnf("Usage events wait in the stream, trying again in %d ms: %s", pause.toMillis(), e);
                rest(pause);
                pause = longer(pause);
            }
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void rest(Duration pause) {
        try {
            stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stopping.countDown();
        }
    }

    private static Duration longer(Duration pause) {
        var longer = pause.multipliedBy(2);
        return longer.compareTo(PAUSE_MAX) < 0 ? longer : PAUSE_MAX;
    }
}
