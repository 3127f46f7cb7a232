package dev.latchkey.botcall;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import java.util.Optional;
import java.util.regex.Pattern;

/** A form with files (RFC 7578), of which only short fields are read; it goes on as it came. */
final class Form {

    private static final Pattern BOUNDARY =
            Pattern.compile("(?i)multipart/form-data\\s*;.*?\\bboundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70})).*");
    private static final int LONGEST_FIELD = 256;

    // Bytes as characters: what stands between boundaries may be anything.
    private final String text;
    private final String boundary;

    private Form(String text, String boundary) {
        this.text = text;
        this.boundary = boundary;
    }

    /** @throws Problem {@code invalid_request} if the type has no boundary, or the body does not begin and end with it */
    static Form of(String type, byte[] bytes) {
        var found = BOUNDARY.matcher(type);
        if (!found.matches()) {
            throw new Problem(CommonProblem.INVALID_REQUEST, "The Content-Type of a form must have a boundary");
        }
        var boundary = "--" + (found.group(1) != null ? found.group(1) : found.group(2));
        var text = new String(bytes, ISO_8859_1);
        if (!text.startsWith(boundary) || !text.contains("\r\n" + boundary + "--")) {
            throw new Problem(CommonProblem.INVALID_REQUEST, "The body is not the form that its Content-Type says");
        }
        return new Form(text, boundary);
    }

    /** The first field of that name; empty if there is none, or it is long. */
    Optional<String> field(String name) {
        var names = Pattern.compile(
                "(?i)^content-disposition:\\s*form-data\\s*;(?:.*;)?\\s*name=\"?" + Pattern.quote(name)
                        + "\"?\\s*(?:;.*)?$",
                Pattern.MULTILINE);
        for (var part = 0; part >= 0; part = text.indexOf("\r\n" + boundary, part + 1)) {
            var head = text.indexOf("\r\n\r\n", part);
            var end = text.indexOf("\r\n" + boundary, part + 1);
            if (head >= 0
                    && end > head + 4
                    && names.matcher(text.substring(part, head)).find()) {
                return end - head - 4 > LONGEST_FIELD
                        ? Optional.empty()
                        : Optional.of(new String(text.substring(head + 4, end).getBytes(ISO_8859_1), UTF_8));
            }
        }
        return Optional.empty();
    }
}
