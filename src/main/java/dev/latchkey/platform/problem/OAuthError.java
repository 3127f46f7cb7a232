package dev.latchkey.platform.problem;

/** A problem in the words of OAuth (RFC 6749, sections 4.1.2.1 and 5.2; RFC 6750, section 3.1). */
final class OAuthError {

    private OAuthError() {}

    static String of(Problem problem) {
        var status = problem.code().status();
        return switch (status) {
            case 401 -> isOfClient(problem) ? "invalid_client" : "invalid_token";
            case 403 -> problem.code() == CommonProblem.INSUFFICIENT_SCOPE ? "insufficient_scope" : "access_denied";
            case 429, 503 -> "temporarily_unavailable";
            default -> status < 500 ? "invalid_request" : "server_error";
        };
    }

    /** The detail, in the characters that are allowed there. */
    static String description(Problem problem) {
        return problem.detail().replaceAll("[^\\x20-\\x7E]|[\"\\\\]", " ");
    }

    // As Bearer it is a token, and the challenge says so: the two must not say different things.
    private static boolean isOfClient(Problem problem) {
        return problem.code() == CommonProblem.INVALID_CLIENT || problem.code() == CommonProblem.NOT_AUTHENTICATED;
    }
}
