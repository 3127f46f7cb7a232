package dev.latchkey.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latchkey.limit.LimitConfig.WhenRedisIsAway;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LimitConfigTest {

    @Test
    void hasTheDocumentedDefaults() {
        var config = config(Map.of());
        assertEquals(WhenRedisIsAway.LOCAL, config.whenRedisIsAway());
        assertEquals(Duration.ofSeconds(1), config.timeout());
        assertEquals(600, config.anonymous().perMinute());
        assertEquals(10_000, config.anonymous().perHour());
        assertEquals(600, config.session().perMinute());
        assertEquals(20_000, config.session().perHour());
        assertEquals(200_000, config.session().perDay());
    }

    @Test
    void takesThePolicyInSmallLettersAndNoOther() {
        for (var policy : WhenRedisIsAway.values()) {
            var word = policy.name().toLowerCase(Locale.ROOT);
            assertEquals(
                    policy,
                    config(Map.of("latchkey.limits.when-redis-is-away", word)).whenRedisIsAway());
        }
        assertThrows(RuntimeException.class, () -> config(Map.of("latchkey.limits.when-redis-is-away", "maybe")));
    }

    private static LimitConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(LimitConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(LimitConfig.class);
    }
}
