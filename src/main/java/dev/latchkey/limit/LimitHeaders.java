package dev.latchkey.limit;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A decision as response headers: {@code RateLimit-Policy} and {@code RateLimit} as in the IETF draft "RateLimit header fields for
 * HTTP" (structured fields, RFC 9651), the older {@code X-RateLimit-*} for the same window, and {@code Retry-After} (RFC 9110) on refusal.
 */
public final class LimitHeaders {

    private LimitHeaders() {}

    /** By name, in the order to write them. Empty when there is no limit, or when nobody counted and the call was admitted. */
    public static Map<String, String> of(LimitDecision decision) {
        var headers = new LinkedHashMap<String, String>();
        decision.closest().ifPresent(closest -> {
            headers.put(
                    "RateLimit-Policy",
                    decision.windows().stream().map(LimitHeaders::policy).collect(joining(", ")));
            headers.put(
                    "RateLimit",
                    "\"%s\";r=%d;t=%d".formatted(closest.name(), closest.remaining(), closest.resetSeconds()));
            headers.put("X-RateLimit-Limit", Long.toString(closest.limit()));
            headers.put("X-RateLimit-Remaining", Long.toString(closest.remaining()));
            headers.put("X-RateLimit-Reset", Long.toString(closest.resetSeconds()));
        });
        if (!decision.allowed()) {
            headers.put("Retry-After", Long.toString(decision.retryAfterSeconds()));
        }
        return Collections.unmodifiableMap(headers);
    }

    // A window's name needs no escaping: its alphabet has neither quotes nor backslashes.
    private static String policy(WindowState window) {
        var seconds = Math.ceilDiv(window.length().toMillis(), 1000);
        return "\"" + window.name() + "\";q=" + window.limit() + ";w=" + seconds;
    }
}
