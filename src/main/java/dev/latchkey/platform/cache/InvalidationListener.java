package dev.latchkey.platform.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hears what any replica changed. Each turn reads the outbox and only then the stream: a change that was committed before the turn is
 * either still in the outbox, or was in the stream before it left the outbox. So what a turn has not met was changed after the turn began.
 */
@ApplicationScoped
class InvalidationListener {

    private static final Logger LOG = Logger.getLogger(InvalidationListener.class);
    private static final Duration RETRY = Duration.ofMillis(250);

    private final Redis redis;
    private final DirectConnections connections;
    private final InvalidationRelay relay;
    private final NearCaches caches;
    private final CacheTrust trust;
    private final ChangeFeed feed;
    private volatile boolean stopping;
    private volatile int waiting;
    private @Nullable Thread thread;
    // Of the listener's thread alone: what was said once is not said again.
    private boolean bypassing;
    private boolean blind;

    InvalidationListener(
            Redis redis,
            DirectConnections connections,
            InvalidationRelay relay,
            NearCaches caches,
            CacheTrust trust,
            ChangeFeed feed,
            MeterRegistry metrics) {
        this.redis = redis;
        this.connections = connections;
        this.relay = relay;
        this.caches = caches;
        this.trust = trust;
        this.feed = feed;
        metrics.gauge("latchkey_invalidations_waiting", this, listener -> listener.waiting);
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofPlatform().name("latchkey-invalidations").daemon().start(this::listen);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        var running = thread;
        if (running != null) {
            running.interrupt();
            running.join(RETRY.multipliedBy(4));
        }
    }

    private void listen() {
        while (!stopping) {
            try (var stream = InvalidationStream.connect(redis);
                    var outbox = new OutboxReader(connections)) {
                follow(stream, outbox);
            } catch (SQLException | RuntimeException e) {
                if (!stopping && !bypassing) {
                    LOG.warnf("Invalidations cannot be read: near caches are bypassed (%s)", e);
                }
                bypassing = true;
            }
            trust.lost();
            pause();
        }
    }

    private void follow(InvalidationStream stream, OutboxReader outbox) throws SQLException {
        while (!stopping) {
            var asked = System.nanoTime();
            var position = stream.last();
            read(outbox);
            caches.forgetAll();
            feed.restart(position.epoch());
            trust.heard(asked);
            bypassing = false;
            while (!stopping && position != null) {
                position = turn(stream, outbox, position);
            }
        }
    }

    /** Null when entries were missed and everything must be forgotten. */
    private InvalidationStream.@Nullable Position turn(
            InvalidationStream stream, OutboxReader outbox, InvalidationStream.Position position) throws SQLException {
        var asked = System.nanoTime();
        read(outbox);
        var entries = stream.after(position);
        for (var entry : entries) {
            if (entry.epoch() != position.epoch() + 1) {
                LOG.warnf(
                        "Invalidations %d to %d were missed: near caches are emptied",
                        position.epoch() + 1, entry.epoch() - 1);
                return null;
            }
            caches.forget(entry.change());
            feed.add(entry);
            position = new InvalidationStream.Position(entry.id(), entry.epoch());
        }
        // An emptied Redis shows no entry: only its epoch tells. A higher one belongs to an entry that comes with the
        // next reading.
        if (entries.isEmpty() && stream.epoch() < position.epoch()) {
            LOG.warn("Redis was emptied: near caches are emptied");
            return null;
        }
        if (entries.size() < InvalidationStream.MOST_AT_ONCE) {
            trust.heard(asked);
        }
        return position;
    }

    /**
     * Forgets what is in the outbox. While PostgreSQL is down nothing can be changed, and what is cached may be served for the rest of its
     * life; when it does not answer, others may reach it, and this replica fails closed.
     */
    private void read(OutboxReader outbox) throws SQLException {
        try {
            var changes = outbox.read();
            waiting = changes.size();
            changes.forEach(caches::forget);
            feed.waitingInOutbox(changes);
            if (waiting == OutboxReader.MOST) {
                caches.forgetAll();
            }
            if (waiting > 0) {
                relay.wake();
            }
            blind = false;
        } catch (SQLException e) {
            if (!OutboxReader.tellsThatItIsDown(e)) {
                throw e;
            }
            if (!blind) {
                LOG.warnf("PostgreSQL is down: near caches are served from for up to 30 seconds (%s)", e);
            }
            blind = true;
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
