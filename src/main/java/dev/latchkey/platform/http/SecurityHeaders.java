package dev.latchkey.platform.http;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Tells browsers to take every answer for what it says it is, and to keep none of them. */
@ApplicationScoped
class SecurityHeaders {

    private static final String API_POLICY =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Swagger UI brings its own script and style inline.
    private static final String DOCS_POLICY =
            "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private final boolean behindTls;

    // What clients speak is told by the issuer: TLS mostly ends at a proxy, which speaks plain HTTP to us.
    SecurityHeaders(@ConfigProperty(name = "latchkey.jwt.issuer") String issuer) {
        behindTls = issuer.startsWith("https://");
    }

    void add(RoutingContext context) {
        var headers = context.response().headers();
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        headers.set("Content-Security-Policy", context.normalizedPath().startsWith("/docs") ? DOCS_POLICY : API_POLICY);
        if (behindTls) {
            headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
        context.addHeadersEndHandler(ignored -> forbidCachingUnlessAllowed(headers));
        context.next();
    }

    private static void forbidCachingUnlessAllowed(MultiMap headers) {
        if (!headers.contains("Cache-Control")) {
            headers.set("Cache-Control", "no-store");
        }
    }
}
