package dev.latchkey.client.jaxrs;

import dev.latchkey.client.Verification;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.Collectors;

/** Answers to who is not let in, in the words of the service itself. */
final class Refusal {

    private static final String CHALLENGE = "Bearer realm=\"latchkey\"";

    private Refusal() {}

    /** Without an error code, since no credential came (RFC 6750, section 3.1). */
    static Response notAuthenticated() {
        return builder(401, "not_authenticated", "Not authenticated", "")
                .header("WWW-Authenticate", CHALLENGE)
                .build();
    }

    static Response unavailable() {
        return builder(503, "unavailable", "The credential cannot be checked now", "")
                .header("Retry-After", "1")
                .build();
    }

    static Response of(int status, String code, String detail) {
        return builder(status, code, detail, "").build();
    }

    /** Of an answer that is not valid. */
    static Response of(Verification answer, String[] scopes) {
        return switch (answer.code()) {
            case REVOKED -> invalidToken("revoked_token", "The credential was revoked");
            case DISABLED -> invalidToken("disabled_token", "The credential is disabled");
            case EXPIRED -> invalidToken("expired_token", "The credential has expired");
            case FORBIDDEN_IP -> of(403, "forbidden_address", "The credential may not be used from this address");
            case INSUFFICIENT_SCOPE -> insufficientScope(List.of(scopes));
            case RATE_LIMITED, USAGE_EXCEEDED -> limited(answer);
            case UNAVAILABLE -> of(503, "unavailable", "Credentials cannot be checked now");
            case VALID, UNVERIFIED -> throw new IllegalArgumentException("It is valid");
            case MALFORMED, NOT_FOUND, UNKNOWN -> invalidToken("invalid_token", "The credential is not valid");
        };
    }

    private static Response invalidToken(String code, String detail) {
        return builder(401, code, detail, "")
                .header(
                        "WWW-Authenticate",
                        CHALLENGE + ", error=\"invalid_token\", error_description=\"" + detail + "\"")
                .build();
    }

    private static Response insufficientScope(List<String> scopes) {
        var words = String.join(" ", scopes);
        return builder(
                        403,
                        "insufficient_scope",
                        "This takes the scope " + words,
                        ",\"required_scopes\":" + array(scopes))
                .header(
                        "WWW-Authenticate",
                        CHALLENGE + ", error=\"insufficient_scope\", error_description=\"This takes the scope " + words
                                + "\", scope=\"" + words + "\"")
                .build();
    }

    private static Response limited(Verification answer) {
        var code = answer.code() == Verification.Code.RATE_LIMITED ? "rate_limited" : "usage_exceeded";
        var builder = builder(
                429,
                code,
                "The limit is used up; see Retry-After",
                ",\"violated_policies\":" + array(answer.violatedPolicies()));
        answer.retryAfterSeconds().ifPresent(seconds -> builder.header("Retry-After", seconds));
        var violated = answer.rateLimits().stream()
                .filter(limit -> answer.violatedPolicies().contains(limit.name()))
                .findFirst();
        violated.ifPresent(limit -> builder.header(
                        "RateLimit", quoted(limit.name()) + ";r=" + limit.remaining() + ";t=" + limit.resetSeconds())
                .header("X-RateLimit-Limit", limit.limit())
                .header("X-RateLimit-Remaining", limit.remaining())
                .header("X-RateLimit-Reset", limit.resetSeconds()));
        return builder.build();
    }

    private static Response.ResponseBuilder builder(int status, String code, String detail, String members) {
        var title = Response.Status.fromStatusCode(status).getReasonPhrase();
        return Response.status(status)
                .type("application/problem+json")
                .header("Cache-Control", "no-store")
                .entity("{\"type\":\"urn:latchkey:problem:" + code + "\",\"title\":" + quoted(title) + ",\"status\":"
                        + status + ",\"detail\":" + quoted(detail) + ",\"code\":" + quoted(code) + members + "}");
    }

    private static String array(List<String> words) {
        return words.stream().map(Refusal::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    /** What is neither a scope nor the name of a limit is left out: such words need no escapes. */
    private static String quoted(String word) {
        return "\"" + word.replaceAll("[^ -!#-\\[\\]-~]", "") + "\"";
    }
}
