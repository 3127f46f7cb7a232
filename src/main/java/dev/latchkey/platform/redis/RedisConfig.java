package dev.latchkey.platform.redis;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long we wait for Redis. Its address is {@code quarkus.redis.hosts}. */
@ConfigMapping(prefix = "latchkey.redis")
interface RedisConfig {

    /** The longest wait for one answer, where the asker sets no time of its own. */
    @WithDefault("1s")
    Duration timeout();

    /** How long Redis counts as away after a failure, before one call tries again. */
    @WithDefault("500ms")
    Duration pauseAfterFailure();
}
