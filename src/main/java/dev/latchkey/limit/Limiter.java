package dev.latchkey.limit;

import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.platform.redis.RedisAvailability;
import dev.latchkey.platform.redis.RedisAwayException;
import dev.latchkey.platform.redis.RedisScript;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/** Decides limits: in Redis, and by the configured policy when Redis is away. */
@ApplicationScoped
public class Limiter {

    private static final Logger LOG = Logger.getLogger(Limiter.class);
    private static final long MOST_LOCAL_SUBJECTS = 50_000;
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(1);

    private final LimitConfig config;
    private final RedisAvailability availability;
    private final RedisWindows shared;
    private final LocalWindows local;
    private final LimitMetrics metrics;

    Limiter(LimitConfig config, RedisAvailability availability, Redis redis, MeterRegistry metrics) {
        var started = System.nanoTime();
        this.config = config;
        this.availability = availability;
        this.shared = new RedisWindows(redis, RedisScript.fromResource("limit.lua"));
        this.local = new LocalWindows(MOST_LOCAL_SUBJECTS, () -> (System.nanoTime() - started) / 1000);
        this.metrics = new LimitMetrics(metrics);
    }

    /**
     * Decides, and counts the cost in every window if all admit it. Never fails and never blocks; ends within {@code latchkey.limits.timeout}.
     * Without windows it admits at once, and nothing is counted.
     */
    public Uni<LimitDecision> decide(LimitRequest request) {
        if (request.windows().isEmpty()) {
            return Uni.createFrom().item(LimitDecision.of(List.of(), DecidedBy.REDIS));
        }
        return Uni.createFrom().deferred(() -> {
            var started = System.nanoTime();
            return availability
                    .call(config.timeout(), () -> shared.decide(request))
                    .onFailure()
                    .recoverWithItem(failure -> withoutRedis(request, failure))
                    .invoke(decision ->
                            metrics.record(decision, request.kind(), Duration.ofNanos(System.nanoTime() - started)));
        });
    }

    // The first call pays for a connection, the script and its classes: better the start than a request, which would
    // take the delay for an absent Redis.
    void warmUp(@Observes StartupEvent event) {
        shared.decide(new LimitRequest("start:warm_up", List.of(Window.minute(1)), 0))
                .ifNoItem()
                .after(LONGEST_WARM_UP)
                .fail()
                .onFailure()
                .invoke(failure -> LOG.warnf("Limits start without Redis: %s", failure))
                .onFailure()
                .recoverWithNull()
                .await()
                .indefinitely();
    }

    private LimitDecision withoutRedis(LimitRequest request, Throwable failure) {
        if (!(failure instanceof RedisAwayException)) {
            LOG.error("Redis refused the limit script", failure);
        }
        return switch (config.whenRedisIsAway()) {
            case LOCAL -> local.decide(request);
            case OPEN -> new LimitDecision(true, List.of(), DecidedBy.OPEN);
            case CLOSED -> new LimitDecision(false, List.of(), DecidedBy.CLOSED);
        };
    }
}
