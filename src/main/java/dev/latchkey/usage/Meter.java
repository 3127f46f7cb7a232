package dev.latchkey.usage;

import static dev.latchkey.usage.Recording.calls;
import static dev.latchkey.usage.Recording.only;

import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.ChunkCodec;
import dev.latchkey.chunk.DecidedChunk;
import dev.latchkey.platform.redis.Keyspaces;
import dev.latchkey.platform.redis.RedisAvailability;
import dev.latchkey.usage.Recording.Event;
import dev.latchkey.usage.Recording.Kept;
import dev.latchkey.usage.Recording.Uses;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Records usage events. Events that come while others are on their way travel together in the next round trip: nobody waits for a
 * batch to fill, and many callers share one.
 */
@ApplicationScoped
public class Meter {

    private static final Logger LOG = Logger.getLogger(Meter.class);

    // While Redis and PostgreSQL both hang, answers do not wait for their events: the memory must not fill up with
    // them.
    static final int MOST_WAITING = 100_000;

    private interface Adding {
        /** @return how many calls were refused */
        int add() throws SQLException;
    }

    private final Redis redis;
    private final RedisAvailability availability;
    private final List<String> streams;
    private final EventStore store;
    private final ChunkStore chunks;
    private final EventCodec codec = new EventCodec();
    private final Queue<Recording> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicInteger waitingCalls = new AtomicInteger();
    private final AtomicBoolean turningAway = new AtomicBoolean();
    private final Counter byStream;
    private final Counter directly;
    private final Counter lost;
    // Of one writer after the other.
    private int batches;

    Meter(
            Redis redis,
            RedisAvailability availability,
            Keyspaces keyspaces,
            EventStore store,
            ChunkStore chunks,
            MeterRegistry metrics) {
        this.redis = redis;
        this.availability = availability;
        this.streams =
                keyspaces.all().stream().map(keys -> keys.key(UsageStream.END)).toList();
        this.store = store;
        this.chunks = chunks;
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
        return record(new Event(event, new CompletableFuture<>()));
    }

    /**
     * As {@link #record(UsageEvent)}, with all uses of a chunk. A chunk that is in the stream already, with or without outcomes, and comes
     * this way as well, is counted once, whichever is first.
     *
     * @throws IllegalArgumentException if a use does not tell its status
     */
    public Uni<Void> record(Chunk chunk) {
        return record(new Uses(DecidedChunk.of(chunk), new CompletableFuture<>()));
    }

    /**
     * As {@link #record(Chunk)}, for who keeps the chunk and tries again: fails when it is not known to be safe, and nothing counts as lost.
     *
     * @param chunk as {@link ChunkCodec} writes it; every use tells its status. It is not read where Redis takes it
     */
    public Uni<Void> tryRecord(byte[] chunk) {
        return record(new Kept(chunk, new CompletableFuture<>()));
    }

    /** Others put a chunk into the stream, in which so many calls are told. */
    public void countAppended(int calls) {
        byStream.increment(calls);
    }

    private Uni<Void> record(Recording recording) {
        // What is kept elsewhere leaves room for what is not.
        var most = recording instanceof Kept ? MOST_WAITING / 2 : MOST_WAITING;
        if (waitingCalls.addAndGet(recording.calls()) > most) {
            return turnAway(recording);
        }
        waiting.add(recording);
        if (unfinished.getAndIncrement() == 0) {
            Thread.ofVirtual().name("latchkey-meter").start(this::writeWaiting);
        }
        var safe = Uni.createFrom().completionStage(recording.safe());
        var context = Vertx.currentContext();
        return context == null ? safe : safe.emitOn(task -> context.runOnContext(nothing -> task.run()));
    }

    private Uni<Void> turnAway(Recording recording) {
        waitingCalls.addAndGet(-recording.calls());
        if (recording instanceof Kept) {
            return Uni.createFrom().failure(new IllegalStateException("Too many usage events wait"));
        }
        lost.increment(recording.calls());
        if (!turningAway.getAndSet(true)) {
            LOG.errorf("More than %d usage events wait for Redis and PostgreSQL: further ones are lost", MOST_WAITING);
        }
        return Uni.createFrom().voidItem();
    }

    private void writeWaiting() {
        var left = 1;
        while (left > 0) {
            var batch = nextBatch();
            try {
                write(batch);
            } catch (RuntimeException | Error e) {
                // Whatever it was: if the writer ended here, no answer to a credential would ever leave again.
                LOG.error("Usage events could not be written", e);
                only(Kept.class, batch).forEach(kept -> kept.safe().completeExceptionally(e));
            } finally {
                batch.forEach(recording -> recording.safe().complete(null));
                waitingCalls.addAndGet(-calls(batch));
                turningAway.set(false);
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

    private void write(List<Recording> batch) {
        try {
            // A batch goes to one node; which of the streams takes it does not matter.
            var stream = streams.get(Math.floorMod(batches++, streams.size()));
            var requests =
                    batch.stream().map(recording -> append(stream, recording)).toList();
            availability.call(() -> redis.batch(requests)).await().indefinitely();
            byStream.increment(calls(batch));
        } catch (RuntimeException e) {
            // The append may have happened although no answer came. The ids of events and chunks make that harmless.
            writeDirectly(batch, e);
        }
    }

    private Request append(String stream, Recording recording) {
        return switch (recording) {
            case Event(var event, var safe) -> UsageStream.append(stream, codec.encode(event));
            case Uses(var chunk, var safe) -> UsageStream.append(stream, ChunkCodec.encode(chunk.chunk()));
            case Kept(var bytes, var safe) -> UsageStream.append(stream, bytes);
        };
    }

    private void writeDirectly(List<Recording> batch, RuntimeException redisFailure) {
        var events = only(Event.class, batch);
        var uses = only(Uses.class, batch);
        directly(calls(events), redisFailure, () -> {
            var refused = store.add(events.stream().map(Event::event).toList());
            refused.forEach(one -> lost(1, one.reason(), redisFailure));
            return refused.size();
        });
        directly(calls(uses), redisFailure, () -> {
            var refused = chunks.add(uses.stream().map(Uses::chunk).toList());
            refused.forEach(one -> lost(one.uses(), one.reason(), redisFailure));
            return refused.stream().mapToInt(ChunkStore.Refused::uses).sum();
        });
        writeKept(only(Kept.class, batch), redisFailure);
    }

    private void writeKept(List<Kept> all, RuntimeException redisFailure) {
        var decoded = new IdentityHashMap<DecidedChunk, Kept>();
        for (var kept : all) {
            try {
                decoded.put(kept.chunk(), kept);
            } catch (IllegalArgumentException e) {
                kept.safe().completeExceptionally(e);
            }
        }
        try {
            for (var refused : chunks.add(decoded.keySet())) {
                var kept = Objects.requireNonNull(decoded.remove(refused.chunk()));
                kept.safe().completeExceptionally(new IllegalArgumentException(refused.reason()));
            }
            directly.increment(calls(List.copyOf(decoded.values())));
        } catch (SQLException | RuntimeException e) {
            e.addSuppressed(redisFailure);
            decoded.values().forEach(kept -> kept.safe().completeExceptionally(e));
        }
    }

    private void directly(int calls, RuntimeException redisFailure, Adding adding) {
        try {
            directly.increment(calls - adding.add());
        } catch (SQLException | RuntimeException e) {
            e.addSuppressed(redisFailure);
            lost(calls, "Redis and PostgreSQL are both away", e);
        }
    }

    private void lost(int calls, String reason, Exception cause) {
        lost.increment(calls);
        LOG.errorf(cause, "%d usage events are lost: %s", (Object) calls, reason);
    }
}
