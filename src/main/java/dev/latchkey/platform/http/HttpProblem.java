package dev.latchkey.platform.http;

import dev.latchkey.platform.problem.ProblemCode;

/** The errors of the manners themselves. */
enum HttpProblem implements ProblemCode {
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key belongs to another request");

    private final int status;
    private final String title;

    HttpProblem(int status, String title) {
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
