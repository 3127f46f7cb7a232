package dev.latchkey.keyrole;

import dev.latchkey.platform.problem.ProblemCode;

/** Errors of roles. */
enum KeyRoleProblem implements ProblemCode {
    INVALID_ROLE(400, "There is no such role of keys");

    private final int status;
    private final String title;

    KeyRoleProblem(int status, String title) {
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
