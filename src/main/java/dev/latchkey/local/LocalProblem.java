package dev.latchkey.local;

/** What stops a start and is for a person to mend. The message is one paragraph and says how; no stack trace is needed. */
public final class LocalProblem extends RuntimeException {

    LocalProblem(String message) {
        super(message, null, false, false);
    }
}
