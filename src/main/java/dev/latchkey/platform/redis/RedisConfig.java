package dev.latchkey.platform.redis;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** How long we wait for Redis, and how we use a cluster. Its address is {@code quarkus.redis.hosts}. */
@ConfigMapping(prefix = "latchkey.redis")
interface RedisConfig {

    /** The longest wait for one answer, where the asker sets no time of its own. */
    @WithDefault("1s")
    Duration timeout();

    /** How long Redis counts as away after a failure, before one call tries again. */
    @WithDefault("500ms")
    Duration pauseAfterFailure();

    /** Over how many hash tags keys are spread, for Redis Cluster; the same on all replicas. 1 for a single Redis. */
    @WithDefault("1")
    @Min(1)
    @Max(64)
    int partitions();
}
