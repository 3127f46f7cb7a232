package dev.latchkey.platform.problem;

import java.util.Locale;

/** One error of a feature's catalogue. Implemented by enums, so that the constant's name is the wire code. */
public interface ProblemCode {

    /** The enum constant's name. */
    String name();

    /** The HTTP status that this error always has. */
    int status();

    /** A short sentence that never changes from one occurrence to the next (RFC 9457, section 3.1.3). */
    String title();

    /** The stable snake_case word that clients switch on. */
    default String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The problem type (RFC 9457, section 3.1.1): a registered one where IANA has it, else a URN of ours. */
    default String type() {
        return "urn:latchkey:problem:" + code();
    }
}
