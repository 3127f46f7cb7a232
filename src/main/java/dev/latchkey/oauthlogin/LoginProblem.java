package dev.latchkey.oauthlogin;

import dev.latchkey.platform.problem.ProblemCode;

/** Errors of connecting accounts. */
enum LoginProblem implements ProblemCode {
    INVALID_STATE(400, "The login did not begin here, or is over"),
    ACCESS_DENIED(400, "The account's owner did not agree"),
    AUTHORIZATION_PENDING(400, "The account's owner has not agreed yet"),
    AUTHORIZATION_FAILED(400, "The provider refused the login");

    private final int status;
    private final String title;

    LoginProblem(int status, String title) {
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
