package dev.latchkey.platform.problem;

import java.util.Collection;
import java.util.Optional;

/** The {@code WWW-Authenticate} of a 401 or 403, of the scheme that was tried (RFC 6750, section 3; RFC 6749, section 5.2). */
final class Challenge {

    private static final String REALM = "Bearer realm=\"latchkey\"";
    private static final String BASIC = "Basic realm=\"latchkey\", charset=\"UTF-8\"";

    private Challenge() {}

    static Optional<String> of(Problem problem) {
        if (problem.code().status() != 401 && problem.code().status() != 403) {
            return Optional.empty();
        }
        if (!(problem.code() instanceof CommonProblem common)) {
            return Optional.of(REALM);
        }
        return Optional.of(
                switch (common) {
                    case INVALID_TOKEN, EXPIRED_TOKEN, REVOKED_TOKEN, DISABLED_TOKEN ->
                        REALM + error("invalid_token", problem);
                    case INVALID_CLIENT -> BASIC;
                    case INSUFFICIENT_SCOPE -> REALM + error("insufficient_scope", problem) + scope(problem);
                    // No credential was sent, or more scopes would not help.
                    default -> REALM;
                });
    }

    private static String error(String error, Problem problem) {
        return ", error=\"" + error + "\", error_description=\"" + OAuthError.description(problem) + "\"";
    }

    private static String scope(Problem problem) {
        return problem.members().get("required_scopes") instanceof Collection<?> scopes
                ? ", scope=\""
                        + String.join(" ", scopes.stream().map(String::valueOf).toList()) + "\""
                : "";
    }
}
