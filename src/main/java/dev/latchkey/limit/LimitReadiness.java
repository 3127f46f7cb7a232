package dev.latchkey.limit;

import dev.latchkey.platform.redis.RedisAvailability;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Redis, seen from what needs it: an instance without it is down only if limits are to be refused then. */
@Readiness
@ApplicationScoped
class LimitReadiness implements HealthCheck {

    private final RedisAvailability redis;
    private final LimitConfig config;

    LimitReadiness(RedisAvailability redis, LimitConfig config) {
        this.redis = redis;
        this.config = config;
    }

    @Override
    public HealthCheckResponse call() {
        var away = redis.isAway();
        return HealthCheckResponse.named("redis")
                .status(!away || config.whenRedisIsAway() != LimitConfig.WhenRedisIsAway.CLOSED)
                // Shown in place of the check's own word, which decides whether traffic is sent here.
                .withData("status", away ? "down" : "up")
                .withData("limits_without_it", config.whenRedisIsAway().name().toLowerCase(Locale.ROOT))
                .build();
    }
}
