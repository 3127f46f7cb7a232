package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.function.Executable;

/**
 * Sends what must be refused to one endpoint, row by row of a table, and checks what holds for every refusal: the exact
 * problem, the request id, that nothing leaks and that nothing was written.
 */
final class Refusals {

    /** The words by which an answer would show what is behind it. */
    private static final Pattern LEAK = Pattern.compile(
            "(?i)exception|dev\\.latchkey|java|jackson|fasterxml|hibernate|postgres|redis|quarkus|vertx|\\bsql\\b|select |insert |\\bat [a-z]+\\.|Request;");

    private static final Map<Integer, String> CODES =
            Map.of(400, "invalid_request", 422, "validation_failed", 404, "not_found");

    private final String method;
    private final String path;
    private final Supplier<RequestSpecification> caller;

    Refusals(String method, String path, Supplier<RequestSpecification> caller) {
        this.method = method;
        this.path = path;
        this.caller = caller;
    }

    /**
     * Rows of {@code field | its JSON value | status | the field that the problem names}: each is sent in a body that is else
     * valid. The value {@code (missing)} leaves the field out; {@code <50a>} stands for 50 times the letter a,
     * {@code <50 9>} for as many nines.
     */
    void ofFields(Map<String, String> valid, String table) {
        each(table, row -> {
            var body = new LinkedHashMap<>(valid);
            body.put(row[0], row[1]);
            body.values().removeIf("(missing)"::equals);
            var json = body.entrySet().stream()
                    .map(field -> '"' + field.getKey() + "\":" + field.getValue())
                    .collect(Collectors.joining(",", "{", "}"));
            refused(row, send(json));
        });
    }

    /** Rows of {@code what | the whole body | status | field}. */
    void ofBodies(String table) {
        each(table, row -> refused(row, send(row[1])));
    }

    /** Rows of {@code parameter | its value in the URL | status | field}. */
    void ofParameters(String table) {
        each(
                table,
                row -> refused(row, caller.get().urlEncodingEnabled(false).get(path + "?" + row[0] + "=" + row[1])));
    }

    private Response send(String body) {
        return caller.get().body(body).request(method, path);
    }

    private interface Check {
        void of(String[] row);
    }

    private void each(String table, Check check) {
        var before = Tables.contents();
        var checks = new ArrayList<Executable>();
        for (var line : table.strip().split("\n")) {
            var cells = (line.strip() + " ").split("\\|", -1);
            assertEquals(4, cells.length, "a row has four cells: " + line);
            var row = new String[] {cells[0].strip(), repeat(cells[1].strip()), cells[2].strip(), cells[3].strip()};
            checks.add(() -> check.of(row));
        }
        assertAll(method + " " + path, checks);
        assertEquals(before, Tables.contents(), "a refused call wrote something");
    }

    private static String repeat(String cell) {
        return Pattern.compile("<(\\d+) ?(.)>")
                .matcher(cell)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(2)).repeat(Integer.parseInt(match.group(1))));
    }

    private void refused(String[] row, Response response) {
        var what =
                method + " " + path + " " + row[0] + " = " + (row[1].length() > 60 ? row[1].substring(0, 60) : row[1]);
        var status = Integer.parseInt(row[2]);
        assertEquals(status, response.statusCode(), () -> what + ": " + response.asString());
        problem(what, response, status, CODES.getOrDefault(status, ""));
        List<String> fields = response.path("errors.field");
        assertEquals(row[3], fields == null ? "" : String.join(",", fields), () -> what + ": " + response.asString());
    }

    /** What holds for every problem. */
    static void problem(String what, Response response, int status, String code) {
        var body = response.asString();
        assertEquals(status, response.statusCode(), what + ": " + body);
        assertEquals("application/problem+json", response.contentType(), what);
        for (var member : List.of("type", "title", "detail", "instance")) {
            String text = response.path(member);
            assertNotNull(text, what + " has no " + member);
            assertFalse(text.isBlank(), what + " has a blank " + member);
        }
        assertEquals(status, (int) response.path("status"), what);
        assertEquals(code, response.path("code"), what);
        assertTrue(response.header("X-Request-Id").matches("[A-Za-z0-9._:-]{1,128}"), what);
        assertFalse(LEAK.matcher(body).find(), () -> what + " leaks: " + body);
    }
}
