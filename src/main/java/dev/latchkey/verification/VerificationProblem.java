package dev.latchkey.verification;

import dev.latchkey.platform.problem.ProblemCode;

/** The errors of asking; that a credential is refused is an answer, and none of them. */
public enum VerificationProblem implements ProblemCode {
    INVALID_PERMISSIONS(400, "The permission query cannot be read"),
    /** 429 {@code rate_limited}, for gateways that cannot pass on a 429. */
    LIMIT_USED_UP(403, "Too many requests"),
    USAGE_EXCEEDED(429, "The credential has too few credits left");

    private final int status;
    private final String title;

    VerificationProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
