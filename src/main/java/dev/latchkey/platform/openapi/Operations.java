package dev.latchkey.platform.openapi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What holds for an operation by its path alone. */
record Operations(boolean authenticated, boolean limited, boolean oneThing) {

    private static final Set<String> PUBLIC =
            Set.of("/api/auth/register", "/api/auth/login", "/api/auth/refresh", "/api/auth/logout");
    private static final Set<String> UNLIMITED = Set.of("/health", "/.well-known/jwks.json");

    static Operations of(String path, String method) {
        var machine = UNLIMITED.contains(path) || path.startsWith("/q/");
        return new Operations(!PUBLIC.contains(path) && !machine, !machine, path.contains("{"));
    }

    /** The problems that it may give, by status. */
    Map<String, String> problems(boolean body, boolean parameters) {
        var problems = new LinkedHashMap<String, String>();
        if (body) {
            problems.put("400", "invalid_request: malformed JSON, a wrong type, an unknown field");
            problems.put("413", "payload_too_large");
            problems.put("415", "unsupported_media_type");
        }
        if (body || parameters) {
            problems.put("422", "validation_failed: see errors");
        }
        if (authenticated) {
            problems.put("401", "not_authenticated, invalid_token, expired_token, revoked_token or disabled_token");
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
