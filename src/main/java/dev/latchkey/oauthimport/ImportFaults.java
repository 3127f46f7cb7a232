package dev.latchkey.oauthimport;

import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.problem.ProblemCode;

/** What is wrong with lines, to be told at once: at most 100 columns of them, and nothing of what stands there. */
final class ImportFaults {

    private static final int MOST = 100;

    private final Problem problem;

    ImportFaults(ProblemCode code) {
        problem = new Problem(code, "Nothing was imported");
    }

    /** @param line counts from 1 */
    void add(int line, String column, String message) {
        if (problem.errors().size() < MOST) {
            problem.field("line " + line + "." + column, message);
        }
    }

    /** All that another check found in the line; the whole line, if it names no column. */
    void add(int line, Problem found) {
        found.errors().forEach(error -> add(line, error.field(), error.message()));
        if (found.errors().isEmpty() && problem.errors().size() < MOST) {
            problem.field("line " + line, "must be one client, as a JSON object");
        }
    }

    /** @throws Problem if there are any */
    void raise() {
        if (!problem.errors().isEmpty()) {
            throw problem;
        }
    }
}
