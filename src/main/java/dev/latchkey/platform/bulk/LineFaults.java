package dev.latchkey.platform.bulk;

import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.problem.ProblemCode;

/** What is wrong with lines, to be told at once: at most 100 columns of them, and nothing of what stands there. */
public final class LineFaults {

    private static final int MOST = 100;

    private final Problem problem;
    private final String thing;

    /** @param thing what a line is, in one word */
    public LineFaults(ProblemCode code, String thing) {
        this.problem = new Problem(code, "Nothing was imported");
        this.thing = thing;
    }

    /** @param line counts from 1 */
    public void add(int line, String column, String message) {
        if (problem.errors().size() < MOST) {
            problem.field("line " + line + "." + column, message);
        }
    }

    /** All that another check found in the line; the whole line, if it names no column. */
    public void add(int line, Problem found) {
        found.errors().forEach(error -> add(line, error.field(), error.message()));
        if (found.errors().isEmpty() && problem.errors().size() < MOST) {
            problem.field("line " + line, "must be one " + thing + ", as a JSON object");
        }
    }

    /** @throws Problem if there are any */
    public void raise() {
        if (!problem.errors().isEmpty()) {
            throw problem;
        }
    }
}
