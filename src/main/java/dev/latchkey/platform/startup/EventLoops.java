package dev.latchkey.platform.startup;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One event loop for each core, at least two, unless the environment or a system property says otherwise. What waits never waits on an event loop
 * here, so that a second one for each would only take requests apart that could be decided together.
 *
 * <p>A system property set before anything starts: what configuration is given by code of ours, Quarkus would keep as it was on the machine that built.
 */
public final class EventLoops {

    static final String SIZE = "quarkus.vertx.event-loops-pool-size";

    private EventLoops() {}

    /** Sets their number for this process. */
    public static void set() {
        chosen(System.getenv(), System.getProperty(SIZE), Runtime.getRuntime().availableProcessors())
                .ifPresent(size -> System.setProperty(SIZE, size));
    }

    static Optional<String> chosen(Map<String, String> environment, @Nullable String property, int cores) {
        var isSet = property != null || environment.containsKey("QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE");
        // One alone could not answer probes while it is busy.
        return isSet ? Optional.empty() : Optional.of(Integer.toString(Math.max(2, cores)));
    }
}
