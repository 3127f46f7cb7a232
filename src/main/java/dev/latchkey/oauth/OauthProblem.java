package dev.latchkey.oauth;

import dev.latchkey.platform.problem.ProblemCode;

/** Errors of connections. */
enum OauthProblem implements ProblemCode {
    INVALID_STATE(400, "The login did not begin here, or is over"),
    ACCESS_DENIED(400, "The account's owner did not agree"),
    AUTHORIZATION_FAILED(400, "The provider refused the login"),
    EXCHANGE_FAILED(502, "The provider gave no token"),
    NOT_CONNECTED(409, "No account is connected"),
    REAUTHORIZATION_REQUIRED(409, "The account must be connected again");

    private final int status;
    private final String title;

    OauthProblem(int status, String title) {
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
