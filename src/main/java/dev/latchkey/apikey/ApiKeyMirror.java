package dev.latchkey.apikey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.concurrent.TimeUnit;

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
    private static final String PREFIX = "api_key:";

    private final Redis redis;
    private final RedisAvailability availability;
    private final ObjectMapper json;
    private final Clock clock;

    ApiKeyMirror(Redis redis, RedisAvailability availability, ObjectMapper json, Clock clock) {
        this.redis = redis;
        this.availability = availability;
        this.json = json;
        this.clock = clock;
    }

    /** Begins to show them as they are; whether that worked nobody needs to know. */
    void show(Collection<Credential> keys) {
        keys.forEach(key -> send(request(key)));
    }

    /** Before whoever made or ended a key goes on, it is shown or hidden; unless Redis does not answer. */
    void follow(@Observes(during = TransactionPhase.AFTER_SUCCESS) Change change) {
        var request = request(change.key());
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
