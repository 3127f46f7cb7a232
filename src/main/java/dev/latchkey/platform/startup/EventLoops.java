package dev.latchkey.platform.startup;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;

/**
 * One event loop for each core, unless {@code quarkus.vertx.event-loops-pool-size} says otherwise. What waits never waits on an event loop here, so that
 * a second one would only take requests apart that could be decided together.
 */
public final class EventLoops implements SmallRyeConfigBuilderCustomizer {

    static final String SIZE = "quarkus.vertx.event-loops-pool-size";

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        // One alone could not answer probes while it is busy.
        var loops = Math.max(2, Runtime.getRuntime().availableProcessors());
        builder.withDefaultValue(SIZE, Integer.toString(loops));
    }
}
