package dev.latchkey.botcall;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A form with files (RFC 7578). It goes on as it came, and whoever gets it reads it anew: so what can be read in two ways is refused, and what is read here is
 * what is read there. In one pass.
 */
final class Form {

    private static final int MOST_PARTS = 256;
    private static final int LONGEST_HEAD = 8 * 1024;
    private static final String END_OF_LINE = "\r\n";
    private static final String END_OF_HEAD = END_OF_LINE + END_OF_LINE;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";

    private static final String MEDIA_TYPE = "multipart/form-data";
    private static final Pattern BOUNDARY =
            Pattern.compile("(?i)boundary=(?:\"([0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-])\"|("
                    + "[0-9A-Za-z'+_.-]{1,70}))");
    private static final Pattern OTHER_PARAMETER = Pattern.compile(TOKEN + "=" + TOKEN);
    private static final Pattern HEADER = Pattern.compile("([A-Za-z-]++):[ \\t]*+([^\\x00-\\x1f\\x7f]*+)");
    private static final Pattern PARAMETER = Pattern.compile(
            "(?i);[ \\t]*+(name|filename|filename\\*)=(?:\"([^\"\\\\\\x00-\\x1f\\x7f]*+)\"|(" + TOKEN + "))[ \\t]*+");
    // Some decode a name's %, and some cut a header at each ";", within quotes too: it would be another field's.
    private static final Pattern FIELD = Pattern.compile("[^%;]++");
    private static final String DISPOSITION = "form-data";
    private static final Map<String, Pattern> VALUES = Map.of(
            "content-disposition",
            // Also a byte that would be an end of line, were it a character.
            Pattern.compile("(?is)form-data(?:;.*+)?"),
            // One that is read as more fields is none of ours.
            "content-type",
            Pattern.compile("(?i)(?!multipart/|application/x-www-form-urlencoded)[\\x20-\\x7e]++"),
            "content-length",
            Pattern.compile("[0-9]{1,10}"),
            "content-transfer-encoding",
            Pattern.compile("(?i)7bit|8bit|binary"));

    private final Map<String, String> fields = new HashMap<>();

    private Form() {}

    /** The boundary that the Content-Type says. @throws Problem {@code invalid_request} if it says none, or may be read otherwise */
    static String boundary(String type) {
        var parameters = type.split(";", -1);
        if (!parameters[0].stripTrailing().equalsIgnoreCase(MEDIA_TYPE)) {
            throw bad("The Content-Type must be application/json or " + MEDIA_TYPE);
        }
        var found = Optional.<String>empty();
        for (var i = 1; i < parameters.length; i++) {
            // A space behind it is a part of the boundary to some, and then its quotes are as well.
            var parameter = parameters[i].stripLeading();
            var boundary = BOUNDARY.matcher(parameter);
            if (boundary.matches() && found.isEmpty()) {
                found = Optional.of(boundary.group(1) == null ? boundary.group(2) : boundary.group(1));
            } else if (!OTHER_PARAMETER.matcher(parameter).matches()
                    || parameter.toLowerCase(Locale.ROOT).contains("boundary")) {
                throw bad("The Content-Type of the form is not well-formed");
            }
        }
        return found.orElseThrow(() -> bad("The Content-Type of a form must have a boundary"));
    }

    /**
     * @param wanted the fields that are read; each may be there once, and is no file
     * @throws Problem {@code invalid_request} if the body is not what the boundary says, or may be read in another way
     */
    static Form of(String boundary, byte[] bytes, Set<String> wanted) {
        var form = new Form();
        // Bytes as characters: what stands between boundaries may be anything.
        form.read("--" + boundary, new String(bytes, ISO_8859_1), wanted);
        return form;
    }

    private void read(String delimiter, String text, Set<String> wanted) {
        if (!text.startsWith(delimiter)) {
            throw bad("The body is not the form that its Content-Type says");
        }
        var at = delimiter.length();
        for (var parts = 0; !text.startsWith("--", at); parts++) {
            var end = text.indexOf(END_OF_LINE + delimiter, at);
            if (end < 0 || parts == MOST_PARTS || !text.startsWith(END_OF_LINE, at)) {
                throw bad("The form is cut off, has more than " + MOST_PARTS + " parts, or a boundary within one");
            }
            part(text, at + END_OF_LINE.length(), end, wanted);
            at = end + END_OF_LINE.length() + delimiter.length();
        }
        var rest = text.substring(at + 2);
        if (!rest.isEmpty() && !rest.equals(END_OF_LINE)) {
            throw bad("There is something behind the end of the form");
        }
    }

    private void part(String text, int from, int end, Set<String> wanted) {
        var endOfHead = from > end ? -1 : text.indexOf(END_OF_HEAD, from, Math.min(end, from + LONGEST_HEAD));
        if (endOfHead < 0) {
            throw bad("A part of the form has no head, or a long one");
        }
        var disposition = parameters(disposition(text.substring(from, endOfHead)));
        var name =
                Optional.ofNullable(disposition.get("name")).orElseThrow(() -> bad("A part of the form has no name"));
        if (!FIELD.matcher(name).matches()
                || disposition.getOrDefault("filename*", "").contains(";")) {
            throw bad("The name of a part of the form is empty, or may be read as another one");
        }
        if (!wanted.contains(name)) {
            return;
        }
        var content = text.substring(endOfHead + END_OF_HEAD.length(), end);
        if (disposition.size() > 1 || fields.putIfAbsent(name, content) != null) {
            throw bad("The field " + name + " is a file, or there twice");
        }
    }

    private static String disposition(String head) {
        var seen = new HashSet<String>();
        var disposition = "";
        for (var line : head.split(END_OF_LINE, -1)) {
            var header = HEADER.matcher(line);
            var name = header.matches() ? header.group(1).toLowerCase(Locale.ROOT) : "";
            if (!VALUES.containsKey(name)
                    || !seen.add(name)
                    || !VALUES.get(name).matcher(header.group(2)).matches()) {
                throw bad("A part of the form has a header that it may not have");
            }
            disposition = name.equals("content-disposition") ? header.group(2) : disposition;
        }
        if (disposition.isEmpty()) {
            throw bad("A part of the form has no Content-Disposition");
        }
        return disposition;
    }

    private static Map<String, String> parameters(String disposition) {
        var parameters = new HashMap<String, String>();
        var parameter = PARAMETER.matcher(disposition);
        var at = DISPOSITION.length();
        while (at < disposition.length()) {
            parameter.region(at, disposition.length());
            if (!parameter.lookingAt()
                    || parameters.put(
                                    parameter.group(1).toLowerCase(Locale.ROOT),
                                    parameter.group(2) == null ? parameter.group(3) : parameter.group(2))
                            != null) {
                throw bad("A part of the form has a Content-Disposition that is not well-formed");
            }
            at = parameter.end();
        }
        return parameters;
    }

    /** Bytes as characters; empty if it is not there. */
    Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    private static Problem bad(String detail) {
        return new Problem(CommonProblem.INVALID_REQUEST, detail);
    }
}
