package dev.latchkey.report;

import dev.latchkey.platform.problem.ProblemCode;

/** The errors of audits. */
enum ReportProblem implements ProblemCode {
    TOO_MANY_RUNS(409, "Too many audits of this tenant are not finished");

    private final int status;
    private final String title;

    ReportProblem(int status, String title) {
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
