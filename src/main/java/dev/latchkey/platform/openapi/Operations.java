package dev.latchkey.platform.openapi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What holds for an operation by its path alone. */
record Operations(boolean authenticated, boolean limited, boolean oneThing, boolean oauth) {

    private static final Set<String> PUBLIC =
            Set.of("/api/auth/register", "/api/auth/login", "/api/auth/refresh", "/api/auth/logout");
    private static final Set<String> UNLIMITED =
            Set.of("/health", "/.well-known/jwks.json", "/.well-known/oauth-authorization-server");

    static Operations of(String path, String method) {
        var machine = UNLIMITED.contains(path) || path.startsWith("/q/");
        return new Operations(
                !PUBLIC.contains(path) && !machine, !machine, path.contains("{"), path.startsWith("/oauth2/"));
    }

    /** The problems that it may give, by status. */
    Map<String, String> problems(boolean body, boolean parameters) {
        var problems = new LinkedHashMap<String, String>();
        if (body) {
            problems.put(
                    "400",
                    oauth
                            ? "invalid_request: a malformed form, or a parameter that is missing or came twice"
                            : "invalid_request: malformed JSON, a wrong type, an unknown field");
            problems.put("413", "payload_too_large");
            problems.put("415", "unsupported_media_type");
        }
        if (!oauth && (body || parameters)) {
            problems.put("422", "validation_failed: see errors");
        }
        if (authenticated) {
            problems.put(
                    "401",
                    "not_authenticated, invalid_token, expired_token, revoked_token or disabled_token"
                            + (oauth ? ", or invalid_client" : ""));
            problems.put("403", "insufficient_scope with required_scopes, or insufficient_role");
        }
        if (oneThing) {
            problems.put("404", "not_found: no such thing in this tenant");
        }
        if (limited) {
            problems.put("429", "rate_limited with violated_policies, and Retry-After");
            problems.put("503", "unavailable: a needed part is away");
        }
        return problems;
    }
}
