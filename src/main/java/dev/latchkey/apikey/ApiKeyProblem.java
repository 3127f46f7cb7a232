package dev.latchkey.apikey;

import dev.latchkey.platform.problem.ProblemCode;

/** Errors of JWT API keys. */
enum ApiKeyProblem implements ProblemCode {
    INSUFFICIENT_PERMISSIONS(403, "The caller may not create keys of this role"),
    TOO_EARLY_TO_REFRESH(400, "A key is refreshed in the last part of its life"),
    INVALID_KEY(401, "The key cannot be refreshed");

    private final int status;
    private final String title;

    ApiKeyProblem(int status, String title) {
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
