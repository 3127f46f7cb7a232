package dev.latchkey.identity;

import dev.latchkey.platform.problem.ProblemCode;

/** The errors of users and passwords. */
public enum IdentityProblem implements ProblemCode {
    INVALID_CREDENTIALS(401, "The user name or the password is wrong");

    private final int status;
    private final String title;

    IdentityProblem(int status, String title) {
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
