package dev.latchkey.platform.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Tells browsers to take every answer for what it says it is, and to keep none of them. */
@Singleton
class SecurityHeaders {

    private static final CharSequence API_POLICY = HttpHeaders.createOptimized(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    // Swagger UI brings its own script and style inline.
    private static final CharSequence DOCS_POLICY = HttpHeaders.createOptimized(
            "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");

    // Encoded once: they stand on every answer.
    private static final CharSequence POLICY = HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence HSTS = HttpHeaders.createOptimized("Strict-Transport-Security");
    private static final CharSequence HSTS_VALUE = HttpHeaders.createOptimized("max-age=31536000; includeSubDomains");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final List<Header> ALWAYS = List.of(
            always("X-Content-Type-Options", "nosniff"),
            always("X-Frame-Options", "DENY"),
            always("Referrer-Policy", "no-referrer"),
            always("Cross-Origin-Opener-Policy", "same-origin"),
            always("Permissions-Policy", "camera=(), geolocation=(), microphone=()"));

    private record Header(CharSequence name, CharSequence value) {}

    private final boolean behindTls;

    // What clients speak is told by the issuer: TLS mostly ends at a proxy, which speaks plain HTTP to us.
    SecurityHeaders(@ConfigProperty(name = "latchkey.jwt.issuer") String issuer) {
        behindTls = issuer.startsWith("https://");
    }

    void addTo(RoutingContext context) {
        var headers = context.response().headers();
        for (var header : ALWAYS) {
            headers.add(header.name, header.value);
        }
        headers.add(POLICY, isOfDocs(context) ? DOCS_POLICY : API_POLICY);
        if (behindTls) {
            headers.add(HSTS, HSTS_VALUE);
        }
        // At the end: resources that allow it add a header of their own, and would not replace this one.
        context.addHeadersEndHandler(ignored -> forbidCachingUnlessAllowed(headers));
    }

    private static void forbidCachingUnlessAllowed(MultiMap headers) {
        if (!headers.contains(HttpHeaders.CACHE_CONTROL)) {
            headers.set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        }
    }

    // Normalised only where it matters: that is work.
    private static boolean isOfDocs(RoutingContext context) {
        var path = context.request().path();
        return path != null
                && path.startsWith("/docs")
                && context.normalizedPath().startsWith("/docs");
    }

    private static Header always(String name, String value) {
        return new Header(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value));
    }
}
