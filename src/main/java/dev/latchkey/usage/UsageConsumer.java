package dev.latchkey.usage;

import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.redis.Keyspaces;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Keeps an {@link EventMover} for each stream at work on this replica, through failures of Redis and PostgreSQL. At shutdown the entries in
 * hand are moved to the end; what is still in the streams is for the other replicas, or for the next start.
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
    // Each has a connection to every node, and a connection to PostgreSQL while it writes.
    private static final int LOOPS_MAX = 4;

    private final Redis redis;
    private final String name = Uuid7.next().toString();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<Loop> loops;
    private List<Thread> threads = List.of();

    UsageConsumer(
            Redis redis,
            Keyspaces keyspaces,
            EventStore store,
            ChunkStore chunks,
            UsageConfig config,
            MeterRegistry metrics) {
        this.redis = redis;
        var lanes = keyspaces.all().stream()
                .collect(Collectors.groupingBy(
                        keys -> keys.partition() % LOOPS_MAX,
                        Collectors.mapping(
                                keys -> new Lane(
                                        keys.key(UsageStream.END),
                                        new EventMover(
                                                store, chunks, config.claimAfter(), config.forgetConsumerAfter())),
                                Collectors.toCollection(ArrayList::new))));
        this.loops = lanes.values().stream().map(Loop::new).toList();
        Gauge.builder("latchkey_usage_stream_lag", loops, all -> all.stream()
                        .mapToDouble(loop -> loop.lag)
                        .sum())
                .description(
                        "Entries, events and chunks, in Redis that are not yet in PostgreSQL; no number while Redis is away")
                .register(metrics);
    }

    void start(@Observes StartupEvent event) {
        threads = loops.stream()
                .map(loop -> Thread.ofVirtual().name("latchkey-usage").start(loop::run))
                .toList();
    }

    // Not interrupted: that would tear its connections. It looks up at least every half second.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        var end = System.nanoTime() + END_WITHIN.toNanos();
        for (var thread : threads) {
            if (!thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                LOG.warn("The usage consumer did not end in time; its entries are claimed by another one");
            }
        }
    }

    /** A stream, and what moves it. */
    private record Lane(String key, EventMover mover) {}

    /** Serves some of the streams in turn, over one connection. */
    private final class Loop {

        private final List<Lane> lanes;
        private volatile double lag = Double.NaN;

        private Loop(List<Lane> lanes) {
            this.lanes = lanes;
        }

        private void run() {
            var pause = PAUSE_MIN;
            while (!isStopping()) {
                // All are looked into within the time that a single one is waited for.
                var wait = UsageStream.WAIT.dividedBy(lanes.size());
                try (var first = UsageStream.connect(redis, lanes.getFirst().key(), name, wait)) {
                    var streams = lanes.stream()
                            .map(lane -> lane == lanes.getFirst() ? first : first.beside(lane.key()))
                            .toList();
                    LOG.debugf("Usage consumer %s begins", name);
                    while (!isStopping()) {
                        turn(streams);
                        pause = PAUSE_MIN;
                    }
                } catch (SQLException | RuntimeException e) {
                    lag = Double.NaN;
                    LOG.warnf("Usage events wait in the stream, trying again in %d ms: %s", pause.toMillis(), e);
                    rest(pause);
                    pause = longer(pause);
                    // One that fails must not keep the others from their turn.
                    Collections.rotate(lanes, 1);
                }
            }
        }

        private void turn(List<UsageStream> streams) throws SQLException {
            var began = System.nanoTime();
            var entries = 0;
            var left = 0L;
            var isMore = false;
            for (var i = 0; i < streams.size() && !isStopping(); i++) {
                var moved = lanes.get(i).mover().step(streams.get(i));
                left += streams.get(i).length();
                entries += moved.entries();
                isMore |= moved.isMore();
            }
            lag = left;
            if (entries > FEW && !isMore) {
                rest(GATHER.minusNanos(System.nanoTime() - began));
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
