package dev.latchkey.platform.auditline;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** A category and a JSON object, on one line. */
public final class AuditLine {

    private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();
    private static final int USUAL_LENGTH = 320;

    private final StringBuilder line;

    AuditLine(String category) {
        line = new StringBuilder(USUAL_LENGTH).append(category).append(" {");
    }

    /** Adds a member whose value is a text. */
    public AuditLine with(String name, String value) {
        name(name).append('"');
        if (isPlain(value)) {
            line.append(value);
        } else {
            ENCODER.quoteAsString(value, line);
        }
        line.append('"');
        return this;
    }

    public AuditLine with(String name, long value) {
        name(name).append(value);
        return this;
    }

    public AuditLine with(String name, double value) {
        name(name).append(value);
        return this;
    }

    private StringBuilder name(String name) {
        if (line.charAt(line.length() - 1) != '{') {
            line.append(',');
        }
        return line.append('"').append(name).append("\":");
    }

    // Nearly all are; what quotes goes character by character.
    private static boolean isPlain(String value) {
        for (var i = 0; i < value.length(); i++) {
            var character = value.charAt(i);
            if (character < ' ' || character == '"' || character == '\\') {
                return false;
            }
        }
        return true;
    }

    /** The line as it is written. */
    String text() {
        return line + "}";
    }
}
