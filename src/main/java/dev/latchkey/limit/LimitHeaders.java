package dev.latchkey.limit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A decision as response headers: {@code RateLimit-Policy} and {@code RateLimit} as in the IETF draft "RateLimit header fields for
 * HTTP" (structured fields, RFC 9651), and the older {@code X-RateLimit-*} for the same
 * policy. {@code Retry-After} belongs to the problem that a refusal is.
 */
public final class LimitHeaders {

    private LimitHeaders() {}

    /** By name, in the order to write them. Empty when there is no limit, or when nobody counted and the call was admitted. */
    public static Map<String, String> of(LimitDecision decision) {
        var headers = new LinkedHashMap<String, String>();
        decision.closest().ifPresent(closest -> {
            headers.put("RateLimit-Policy", policies(decision));
            headers.put(
                    "RateLimit", '"' + closest.name() + "\";r=" + closest.remaining() + ";t=" + closest.resetSeconds());
            headers.put("X-RateLimit-Limit", Long.toString(closest.limit()));
            headers.put("X-RateLimit-Remaining", Long.toString(closest.remaining()));
            headers.put("X-RateLimit-Reset", Long.toString(closest.resetSeconds()));
        });
        return Collections.unmodifiableMap(headers);
    }

    // A policy's name needs no escaping: its alphabet has neither quotes nor backslashes.
    private static String policies(LimitDecision decision) {
        var text = new StringBuilder();
        for (var policy : decision.policies()) {
            text.append(text.isEmpty() ? "\"" : ", \"")
                    .append(policy.name())
                    .append("\";q=")
                    .append(policy.limit());
            switch (policy.unit()) {
                case REQUESTS ->
                    text.append(";w=").append(Math.ceilDiv(policy.length().toMillis(), 1000));
                case CONCURRENT_REQUESTS -> text.append(";qu=\"concurrent-requests\"");
            }
        }
        return text.toString();
    }
}
