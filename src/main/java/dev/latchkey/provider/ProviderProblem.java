package dev.latchkey.provider;

import dev.latchkey.platform.problem.ProblemCode;

/** Errors of asking a provider. */
public enum ProviderProblem implements ProblemCode {
    PROVIDER_UNAVAILABLE(502, "The provider does not answer as it should"),
    EXCHANGE_FAILED(502, "The provider gave no token");

    private final int status;
    private final String title;

    ProviderProblem(int status, String title) {
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
