package dev.latchkey.usage;

import dev.latchkey.platform.redis.RedisAvailability;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Records usage events. Events that come while others are on their way travel together in the next round trip: nobody waits for a
 * batch to fill, and many callers share one.
 */
@ApplicationScoped
public class Meter {

    private static final Logger LOG = Logger.getLogger(Meter.class);

    private record Recording(UsageEvent event, CompletableFuture<Void> safe) {}

    private final Redis redis;
    private final RedisAvailability availability;
    private final EventStore store;
    private final EventCodec codec = new EventCodec();
    private final Queue<Recording> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unfinished = new AtomicInteger();
    private final Counter byStream;
    private final Counter directly;
    private final Counter lost;

    Meter(Redis redis, RedisAvailability availability, EventStore store, MeterRegistry metrics) {
        this.redis = redis;
        this.availability = availability;
        this.store = store;
        this.byStream = metrics.counter("latchkey_usage_events_total", "way", "stream");
        this.directly = metrics.counter("latchkey_usage_events_total", "way", "direct");
        this.lost = metrics.counter("latchkey_usage_events_lost_total");
    }

    /**
     * Begins to record the event at once, whether or not anybody subscribes. Completes, on the caller's Vert.x context if there is one,
     * when the event is safe: in the Redis stream or, when Redis does not take it, in PostgreSQL. When neither does, the
     * event is lost: that is logged and counted in {@code latchkey_usage_events_lost_total}, and the caller's answer goes out all the same. Never fails.
     */
    public Uni<Void> record(UsageEvent event) {
        var recording = new Recording(event, new CompletableFuture<>());
        waiting.add(recording);
        if (unfinished.getAndIncrement() == 0) {
            Thread.ofVirtual().name("latchkey-meter").start(this::writeWaiting);
        }
        var safe = Uni.createFrom().completionStage(recording.safe());
        var context = Vertx.currentContext();
        return context == null ? safe : safe.emitOn(task -> context.runOnContext(nothing -> task.run()));
    }

    private void writeWaiting() {
        var left = 1;
        while (left > 0) {
            var batch = nextBatch();
            try {
                write(batch.stream().map(Recording::event).toList());
            } catch (RuntimeException | Error e) {
                // Whatever it was: if the writer ended here, no answer to a credential would ever leave again.
                LOG.error("Usage events could not be written", e);
            } finally {
                batch.forEach(recording -> recording.safe().complete(null));
                left = unfinished.addAndGet(-batch.size());
            }
        }
    }

    private List<Recording> nextBatch() {
        var batch = new ArrayList<Recording>();
        while (batch.size() < UsageStream.BATCH_MAX) {
            var next = waiting.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
        }
        return batch;
    }

    private void write(List<UsageEvent> events) {
        try {
            append(events);
            byStream.increment(events.size());
        } catch (RuntimeException e) {
            // The append may have happened although no answer came. The events' own ids make that harmless.
            writeDirectly(events, e);
        }
    }

    private void append(List<UsageEvent> events) {
        var requests = events.stream()
                .map(event -> UsageStream.append(UsageStream.KEY, codec.encode(event)))
                .toList();
        availability.call(() -> redis.batch(requests)).await().indefinitely();
    }

    private void writeDirectly(List<UsageEvent> events, RuntimeException redisFailure) {
        try {
            var refused = store.add(events);
            directly.increment(events.size() - refused.size());
            refused.forEach(one -> lost(1, one.reason(), redisFailure));
        } catch (SQLException | RuntimeException e) {
            e.addSuppressed(redisFailure);
            lost(events.size(), "Redis and PostgreSQL are both away", e);
        }
    }

    private void lost(int count, String reason, Exception cause) {
        lost.increment(count);
        LOG.errorf(cause, "%d usage events are lost: %s", (Object) count, reason);
    }
}
