package dev.latchkey.v1key;

import dev.latchkey.platform.problem.ProblemCode;

/** Errors of keys of the first version. */
enum V1Problem implements ProblemCode {
    V1_IS_OFF(410, "The first version of API keys is gone"),
    ALREADY_MIGRATED(409, "The key was migrated too often");

    private final int status;
    private final String title;

    V1Problem(int status, String title) {
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
