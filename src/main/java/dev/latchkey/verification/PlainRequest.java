package dev.latchkey.verification;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;

/** What of a request tells whether a short way may be taken, and what is done there that the long way does by itself. */
public final class PlainRequest {

    private static final String SCHEME = "Bearer ";
    // The last one is that of our own client.
    private static final Set<String> PLAIN_ACCEPTS =
            Set.of("*/*", "application/json", "application/json, application/problem+json");
    // No more than quarkus.rest.input-buffer-size.
    private static final int LONGEST_BODY = 16_384;

    private PlainRequest() {}

    /** The one credential of the request, if it comes as a bearer token and in no other way. */
    public static Optional<String> presented(HttpServerRequest request) {
        var headers = request.headers();
        var value = headers.get(HttpHeaders.AUTHORIZATION);
        return value != null
                        && value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                        && !headers.contains("X-API-Key")
                        && headers.getAll(HttpHeaders.AUTHORIZATION).size() == 1
                ? Optional.of(value.substring(SCHEME.length()).strip())
                : Optional.empty();
    }

    static boolean isPlain(HttpServerRequest request) {
        var type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return "application/json".equals(type)
                && acceptsJson(request)
                && length != null
                && length.length() <= 5
                && isNumberUpTo(length, LONGEST_BODY)
                && !isOfABrowser(request)
                && !request.headers().contains(HttpHeaders.EXPECT)
                && !request.headers().contains(HttpHeaders.CONTENT_ENCODING);
    }

    /** Whether it plainly does. */
    public static boolean acceptsJson(HttpServerRequest request) {
        var accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept == null || PLAIN_ACCEPTS.contains(accept);
    }

    // Whether another page may read the answer is decided on the long way.
    public static boolean isOfABrowser(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.ORIGIN);
    }

    /** Outside of the router's own handling, nobody else would answer. */
    public static void guarded(RoutingContext context, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            context.fail(failure);
        }
    }

    /** The metrics of requests go by it; the resources give theirs themselves. */
    public static void name(RoutingContext context, String path) {
        ((HttpServerRequestInternal) context.request()).context().putLocal("UrlPathTemplate", path);
    }

    private static boolean isNumberUpTo(String text, int most) {
        for (var i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && Integer.parseInt(text) <= most;
    }
}
