package dev.latchkey.botcall;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FormTest {

    private static final Set<String> WANTED = Set.of("chat_id", "media");
    private static final String CHAT = "Content-Disposition: form-data; name=\"chat_id\"\r\n\r\n-7\r\n";

    private static Optional<String> chat(String body) {
        return Form.of("x", body.getBytes(UTF_8), WANTED).field("chat_id");
    }

    /** A form of these parts, heads and contents, and an end of line after each. */
    private static String form(String... parts) {
        return "--x\r\n" + String.join("--x\r\n", parts) + "--x--\r\n";
    }

    private static String part(String head, String content) {
        return head + "\r\n\r\n" + content + "\r\n";
    }

    private static void isRefused(String what, Executable call) {
        var problem = assertThrows(Problem.class, call, what);
        assertEquals(CommonProblem.INVALID_REQUEST, problem.code(), what);
    }

    @Test
    void theBoundaryIsReadInOneWayOnly() {
        for (var type : List.of(
                "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
                "multipart/form-data;boundary=\"----WebKitFormBoundary7MA4YWxkTrZu0gW\"",
                "multipart/form-data; charset=UTF-8; BOUNDARY=----WebKitFormBoundary7MA4YWxkTrZu0gW")) {
            assertEquals("----WebKitFormBoundary7MA4YWxkTrZu0gW", Form.boundary(type));
        }
        assertEquals("a b", Form.boundary("multipart/form-data; boundary=\"a b\""));
        assertAll(List.of(
                        "multipart/form-data",
                        "multipart/form-data;",
                        "multipart/form-data; boundary=",
                        "multipart/form-data; boundary=\"\"",
                        "multipart/form-data; boundary=\"a",
                        "multipart/form-data; boundary=\"a \"",
                        "multipart/form-data; boundary=a b",
                        "multipart/form-data; boundary=" + "a".repeat(71),
                        "multipart/form-data; boundary=a; boundary=b",
                        "multipart/form-data; xboundary=a; boundary=b",
                        "multipart/form-data; x=boundary; boundary=b",
                        "multipart/form-data; x; boundary=b",
                        "multipart/form-data; boundary=\"a;boundary=b\"",
                        // Read with the space, and with the quotes
                        "multipart/form-data; boundary=a ; charset=utf-8",
                        "multipart/form-data; boundary=\"a\" ; charset=utf-8",
                        "multipart/form-data; boundary=\"a\" ",
                        "multipart/form-data boundary=b; boundary=a",
                        "multipart/form-data-2; boundary=a",
                        "multipart/mixed; boundary=a",
                        "text/plain; boundary=a",
                        "boundary=a")
                .stream()
                .map(type -> () -> isRefused(type, () -> Form.boundary(type))));
    }

    @Test
    void whatUsualClientsSendIsRead() {
        assertAll(List.of(
                        // curl, requests, browsers
                        form(
                                CHAT,
                                part(
                                        "Content-Disposition: form-data; name=\"document\"; filename=\"a.bin\"\r\n"
                                                + "Content-Type: application/octet-stream",
                                        "\0\r\n--y\r\n\r\n")),
                        // aiohttp
                        form(part(
                                "Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=\"chat_id\"",
                                "-7")),
                        // OkHttp
                        form(part("Content-Disposition: form-data; name=\"chat_id\"\r\nContent-Length: 2", "-7")),
                        // .NET
                        form(
                                part(
                                        "Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=chat_id",
                                        "-7"),
                                part(
                                        "Content-Disposition: form-data; name=document; filename=a.bin; filename*=utf-8''a.bin",
                                        "x")),
                        // Java's older ones
                        form(part(
                                "content-disposition: form-data; name=\"chat_id\"\r\nContent-Type: text/plain\r\n"
                                        + "Content-Transfer-Encoding: 8bit",
                                "-7")),
                        // A name in another script, and a file without content
                        form(
                                part("Content-Disposition: form-data; name=\"photo\"; filename=\"фото %22.png\"", ""),
                                CHAT),
                        // Nothing behind the end
                        "--x\r\n" + CHAT + "--x--")
                .stream()
                .map(body -> () -> assertEquals(Optional.of("-7"), chat(body), body)));
        assertEquals(Optional.empty(), chat("--x--\r\n"));
        assertEquals(Optional.empty(), chat(form(part("Content-Disposition: form-data; name=\"CHAT_ID\"", "-8"))));
        assertEquals(
                Optional.empty(),
                chat(form(part("Content-Disposition: form-data; name=\"x\"; filename=\"; name=chat_id\"", "-8"))));
        assertEquals(
                Optional.of("-7"),
                chat(form(part("Content-Disposition: form-data; name=\"x\"", "name=\"chat_id\""), CHAT)));
    }

    @Test
    void whatMayBeReadInAnotherWayIsRefused() {
        assertAll(List.of(
                        "",
                        "x",
                        "--y\r\n" + CHAT + "--y--",
                        "\r\n" + form(CHAT),
                        "a preamble\r\n" + form(CHAT),
                        form(CHAT) + "--x\r\n" + CHAT + "--x--",
                        "--x\r\n" + CHAT,
                        "--x\r\n" + CHAT + "--x",
                        "--x \r\n" + CHAT + "--x--",
                        "--x\n" + CHAT + "--x--",
                        "--xy\r\n" + CHAT + "--x--",
                        "--x\r\n" + CHAT + "--xy\r\n" + CHAT + "--x--",
                        "--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n--x--",
                        "--x\r\n\r\n-7\r\n--x--",
                        form(CHAT, CHAT),
                        form(part("Content-Disposition: form-data; name=\"chat_id\"; filename=\"a\"", "-7")),
                        form(part("Content-Disposition: form-data", "-7")),
                        form(part("Content-Disposition: form-data; filename=\"a\"", "-7")),
                        form(part("Content-Disposition: attachment; name=\"chat_id\"", "-7")),
                        form(part("Content-Disposition: form-data; name=\"a\"; name=\"chat_id\"", "-7")),
                        form(part("Content-Disposition: form-data; x=\"; name=chat_id; \"", "-7")),
                        form(part("Content-Disposition: form-data; name=\"a\\\"; name=\"chat_id\"", "-7")),
                        form(part("Content-Disposition: form-data; name = \"chat_id\"", "-7")),
                        form(part("Content-Disposition : form-data; name=\"chat_id\"", "-7")),
                        form(part("Content-Disposition: form-data;\r\n name=\"chat_id\"", "-7")),
                        form(part(
                                "Content-Disposition: form-data; name=\"a\"\nContent-Disposition: form-data; name=\"chat_id\"",
                                "-7")),
                        form(part(
                                "Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"chat_id\"",
                                "-7")),
                        form(part("Content-Disposition: form-data; name=\"a\"\r\nX: y", "-7")),
                        form(part(
                                "Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64",
                                "-7")),
                        form(part("Content-Disposition: form-data; name=\"a\"\r\nContent-Length: -1", "-7")),
                        form(part(
                                "Content-Disposition: form-data; name=\"a\"\r\nContent-Type: multipart/mixed; boundary=z",
                                "-7")),
                        form(part(
                                "Content-Disposition: form-data; name=\"a\"\r\nContent-Type: Application/x-www-form-urlencoded",
                                "chat_id=-7")),
                        form(part(
                                "Content-Disposition: form-data; name=\"a\"; filename=\"" + "a".repeat(9000) + "\"",
                                "-7")),
                        form(Collections.nCopies(257, CHAT.replace("chat_id", "a"))
                                .toArray(String[]::new)))
                .stream()
                .map(body -> () -> isRefused(body, () -> chat(body))));
        assertEquals(
                Optional.empty(),
                chat(form(Collections.nCopies(256, CHAT.replace("chat_id", "a")).toArray(String[]::new))));
    }

    // Where a name is percent-decoded, or a header cut at each ";", these would be the chat.
    @Test
    void aNameIsNotDecodedToAnotherOne() {
        assertAll(Stream.of(
                        "name=\"chat%5Fid\"",
                        "name=chat%5fid",
                        "name=\"%63hat_id\"",
                        "name=\"\"",
                        "name=\"a; name=chat_id; \"",
                        "name=\"a\"; filename*=\"; name=chat_id; \"")
                .map(parameters -> () -> {
                    var body = form(part("Content-Disposition: form-data; " + parameters, "-7"));
                    isRefused(body, () -> chat(body));
                }));
    }

    @Test
    void aFileMayHaveAnyName() {
        assertAll(Stream.of("хлеб.png", "Å.png", "a; b=c.png", "a=b.png", "%22.png", "😀.png", "")
                .map(file -> () -> {
                    var head = "Content-Disposition: form-data; name=\"photo\"; filename=\"" + file + "\"";
                    assertEquals(Optional.of("-7"), chat(form(part(head, "x"), CHAT)), file);
                }));
    }

    @Test
    void nothingTakesLongerThanItIsLong() {
        var boundaries = ("--x" + "\r\n--x".repeat(200_000)).getBytes(ISO_8859_1);
        var almost = ("--x\r\n" + CHAT + "--x\r\n" + "\r\n--".repeat(250_000)).getBytes(ISO_8859_1);
        var oneHead = ("--x\r\n" + "a: b\r\n".repeat(170_000)).getBytes(ISO_8859_1);
        var type = "multipart/form-data;" + "boundary=".repeat(100_000) + "\u0085";
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            isRefused("boundaries", () -> Form.of("x", boundaries, WANTED));
            isRefused("almost boundaries", () -> Form.of("x", almost, WANTED));
            isRefused("one head", () -> Form.of("x", oneHead, WANTED));
            isRefused("type", () -> Form.boundary(type));
        });
    }
}
