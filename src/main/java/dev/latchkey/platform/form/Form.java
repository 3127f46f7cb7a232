package dev.latchkey.platform.form;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The parameters of a form. What came without a value did not come (RFC 6749, section 3.2). */
public record Form(Map<String, String> parameters) {

    private static final Pattern HALF_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final char UNDECODABLE = '\uFFFD';

    public Form {
        parameters = Map.copyOf(parameters);
    }

    /** @throws Problem {@code invalid_request} if it is not well-formed UTF-8, or a parameter comes twice; names no parameter of the caller's */
    public static Form parse(byte[] body) {
        var parameters = new HashMap<String, String>();
        for (var pair : new String(body, UTF_8).split("&")) {
            var parts = pair.split("=", 2);
            var name = decode(parts[0]).orElseThrow(Form::malformed);
            var value = decode(parts.length < 2 ? "" : parts[1]).orElseThrow(Form::malformed);
            if (!name.isEmpty() && parameters.put(name, value) != null) {
                throw new Problem(CommonProblem.INVALID_REQUEST, "The form holds a parameter more than once");
            }
        }
        parameters.values().removeIf(String::isEmpty);
        return new Form(parameters);
    }

    /** One name or value; empty if it is malformed. */
    public static Optional<String> decode(String encoded) {
        // The decoder takes a sign for a hexadecimal digit.
        return HALF_ESCAPE.matcher(encoded).find()
                ? Optional.empty()
                : Optional.of(URLDecoder.decode(encoded, UTF_8)).filter(text -> text.indexOf(UNDECODABLE) < 0);
    }

    public boolean has(String name) {
        return parameters.containsKey(name);
    }

    /** @throws Problem {@code invalid_request} if it is missing */
    public String require(String name) {
        var value = parameters.get(name);
        if (value == null) {
            throw new Problem(CommonProblem.INVALID_REQUEST, "The parameter " + name + " is missing")
                    .field(name, "must be there");
        }
        return value;
    }

    /** Names and values may be secrets. */
    @Override
    public String toString() {
        return "[form]";
    }

    private static Problem malformed() {
        return new Problem(CommonProblem.INVALID_REQUEST, "The form is not well-formed");
    }
}
