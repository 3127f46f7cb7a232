package dev.latchkey.session;

import dev.latchkey.platform.problem.ProblemCode;

/** The errors of logging in. */
enum SessionProblem implements ProblemCode {
    REFRESH_REUSED(401, "The refresh token was used before"),
    ACCOUNT_LOCKED(423, "Too many failed logins");

    private final int status;
    private final String title;

    SessionProblem(int status, String title) {
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
