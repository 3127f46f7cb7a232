package dev.latchkey.apikey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.credential.Credential;
import dev.latchkey.platform.redis.RedisAvailability;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Shows operators in Redis which keys are valid: {@code api_key:<jti>}, for as long as the key lives. Nothing is decided by it (ADR 0005): whatever is
 * read from PostgreSQL is shown again, so that it fills up by itself after Redis was emptied, and what was missed is mended.
 */
@Singleton
class ApiKeyMirror {

    /** The key was made or ended, in the transaction in which it is fired. */
    record Change(Credential key) {}

    // Longer than reading from PostgreSQL and writing to Redis are waited for.
    private static final Duration READERS_ARE_DONE = Duration.ofSeconds(10);
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_AT_ONCE = 200;
    // One by one each would wake a thread.
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final String PREFIX = "api_key:";

    private final Redis redis;
    private final RedisAvailability availability;
    private final ObjectMapper json;
    private final Clock clock;
    private final Map<UUID, Credential> waiting = new ConcurrentHashMap<>();
    // What was read of them before is not shown any more.
    private final Cache<UUID, Boolean> ended = Caffeine.newBuilder()
            .maximumSize(MOST_WAITING)
            .expireAfterWrite(READERS_ARE_DONE)
            .build();
    private final AtomicBoolean gathering = new AtomicBoolean();

    ApiKeyMirror(Redis redis, RedisAvailability availability, ObjectMapper json, Clock clock) {
        this.redis = redis;
        this.availability = availability;
        this.json = json;
        this.clock = clock;
    }

    /** Shows them as they are, a moment later; whether that worked nobody needs to know. */
    void show(Collection<Credential> keys) {
        for (var key : keys) {
            if (waiting.size() < MOST_WAITING) {
                waiting.put(key.id(), key);
            }
        }
        if (!waiting.isEmpty() && gathering.compareAndSet(false, true)) {
            try {
                Infrastructure.getDefaultWorkerPool()
                        .schedule(this::showWaiting, GATHER.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                gathering.set(false);
            }
        }
    }

    // Some at a time: a crowd would use up the places of those who ask Redis for decisions.
    private void showWaiting() {
        gathering.set(false);
        var sent = 0;
        for (var id : waiting.keySet()) {
            var key = waiting.remove(id);
            if (key != null && ended.getIfPresent(id) == null) {
                var attempt = attempt(request(key));
                if (++sent % MOST_AT_ONCE == 0) {
                    attempt.await().indefinitely();
                } else {
                    attempt.subscribe().with(done -> {});
                }
            }
        }
    }

    /** Before whoever made or ended a key goes on, it is shown or hidden; unless Redis does not answer. */
    void follow(@Observes(during = TransactionPhase.AFTER_SUCCESS) Change change) {
        var request = request(change.key());
        if (change.key().revokedAt().isPresent()) {
            ended.put(change.key().id(), true);
            waiting.remove(change.key().id());
        }
        attempt(request).await().indefinitely();
        if (change.key().revokedAt().isPresent()) {
            // Whoever read it before it ended may have shown it since; but not later than that.
            Infrastructure.getDefaultWorkerPool()
                    .schedule(() -> send(request), READERS_ARE_DONE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void send(Request request) {
        attempt(request).subscribe().with(done -> {});
    }

    // What is not shown is shown with the next reading.
    private Uni<Void> attempt(Request request) {
        return availability
                .call(() -> redis.send(request))
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    private Request request(Credential key) {
        var left = Duration.between(clock.instant(), key.expiresAt().orElseThrow());
        return key.enabled() && key.revokedAt().isEmpty() && left.isPositive()
                ? Request.cmd(Command.SET)
                        .arg(PREFIX + key.id())
                        .arg(describe(key))
                        .arg("PX")
                        .arg(Math.max(1, left.toMillis()))
                : Request.cmd(Command.DEL).arg(PREFIX + key.id());
    }

    private String describe(Credential key) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("key_id", key.keyId());
        key.label().ifPresent(label -> shown.put("role", label.role()));
        shown.put("scopes", List.copyOf(key.scopes().words()));
        shown.put("tenant_id", key.tenantId());
        shown.put("expires_at", key.expiresAt().orElseThrow().toString());
        return write(shown);
    }

    private String write(Map<String, Object> shown) {
        try {
            return json.writeValueAsString(shown);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A map of texts is JSON", e);
        }
    }
}
