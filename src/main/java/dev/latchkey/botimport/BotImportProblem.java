package dev.latchkey.botimport;

import dev.latchkey.platform.problem.ProblemCode;

/** Errors of the import. */
enum BotImportProblem implements ProblemCode {
    BOT_ENCRYPTION_KEY_NEEDED(409, "The key of the other service is needed");

    private final int status;
    private final String title;

    BotImportProblem(int status, String title) {
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
