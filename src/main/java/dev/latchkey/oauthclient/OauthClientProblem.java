package dev.latchkey.oauthclient;

import dev.latchkey.platform.problem.ProblemCode;

/** Errors of OAuth clients. */
enum OauthClientProblem implements ProblemCode {
    CLIENT_EXISTS(409, "There is such a client already"),
    BRANCH_EXISTS(409, "The branch has a client already");

    private final int status;
    private final String title;

    OauthClientProblem(int status, String title) {
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
