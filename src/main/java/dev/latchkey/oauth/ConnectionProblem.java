package dev.latchkey.oauth;

import dev.latchkey.platform.problem.ProblemCode;

/** Errors of connections. */
enum ConnectionProblem implements ProblemCode {
    NOT_CONNECTED(409, "No account is connected"),
    REAUTHORIZATION_REQUIRED(409, "The account must be connected again");

    private final int status;
    private final String title;

    ConnectionProblem(int status, String title) {
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
