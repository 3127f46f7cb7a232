package dev.latchkey.platform.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/**
 * The facts about one request, gathered before anything else looks at it.
 *
 * @param id the request id: the caller's own if it was sane, else ours
 * @param address the client's address in the one numeric form of {@link Cidr#normalise}
 * @param startedNanos {@link System#nanoTime()} when the request came
 */
public record RequestFacts(String id, String address, long startedNanos) {

    private static final String KEY = RequestFacts.class.getName();

    public static RequestFacts of(RoutingContext context) {
        return Objects.requireNonNull(context.<RequestFacts>get(KEY));
    }

    /** Not so for a request that failed before everything else. */
    static boolean isKnown(RoutingContext context) {
        return context.get(KEY) != null;
    }

    void attachTo(RoutingContext context) {
        context.put(KEY, this);
    }
}
