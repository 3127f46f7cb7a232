package dev.latchkey.botcall;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.platform.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CallBodyTest {

    // As the service's own is strict.
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static CallBody json(String body) {
        return CallBody.of("application/json", body.getBytes(UTF_8), JSON);
    }

    private static CallBody form(String name, String content) {
        var body = "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n--x--";
        return CallBody.of("multipart/form-data; boundary=x", body.getBytes(UTF_8), JSON);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    @Test
    void aChatIsWrittenInOneWay() {
        var chats = Map.of(
                "7",
                "7",
                "-100123",
                "-100123",
                "9223372036854775807",
                "9223372036854775807",
                "@Name",
                "@name",
                "@nAmE_1",
                "@name_1");
        assertAll(chats.entrySet().stream().map(chat -> () -> {
            assertEquals(
                    Optional.of(chat.getValue()),
                    json("{\"chat_id\":" + quoted(chat.getKey()) + "}").chat());
            assertEquals(
                    Optional.of(chat.getValue()), form("chat_id", chat.getKey()).chat());
        }));
        assertEquals(Optional.of("-100123"), json("{\"chat_id\":-100123}").chat());
        for (var none : List.of("{}", "{\"chat_id\":null}", "{\"chat_id\":\"\"}", "{\"text\":\"7\"}")) {
            assertEquals(Optional.empty(), json(none).chat(), none);
        }
        assertEquals(Optional.empty(), form("chat_id", "").chat());
        assertEquals(Optional.empty(), form("text", "7").chat());
    }

    @Test
    void aChatThatMayBeReadAsAnotherOneIsRefused() {
        var texts = List.of(
                "-100123a",
                "-00100123",
                "007",
                "0",
                "-0",
                "+7",
                " 7",
                "7 ",
                "7.0",
                "7e0",
                "18446744073709451493",
                "9223372036854775808",
                "٧",
                "@",
                "@na me",
                "@näme",
                "@" + "a".repeat(65),
                "0".repeat(100) + "7",
                "name",
                "true");
        assertAll(texts.stream().map(text -> () -> {
            refusesChat(text, () -> json("{\"chat_id\":" + quoted(text) + "}"));
            refusesChat(text, () -> form("chat_id", text));
        }));
        for (var value : List.of("7.0", "-100123.1", "1e3", "true", "[7]", "{\"id\":7}", "9223372036854775808", "0")) {
            refusesChat(value, () -> json("{\"chat_id\":" + value + "}"));
        }
    }

    private static void refusesChat(String what, Executable call) {
        var problem = assertThrows(Problem.class, call, what);
        assertEquals("validation_failed", problem.code().code(), what);
    }

    @Test
    void anAlbumStandsForAsManyMessagesAsItHas() {
        assertEquals(1, json("{\"chat_id\":7}").messages());
        assertEquals(3, json("{\"media\":[{},{},{}]}").messages());
        assertEquals(3, json("{\"media\":\"[{},{},{}]\"}").messages());
        assertEquals(2, json("{\"message_ids\":[1,2]}").messages());
        assertEquals(2, json("{\"message_ids\":\"[1,2]\",\"media\":[]}").messages());
        assertEquals(1, json("{\"media\":{\"type\":\"photo\"}}").messages());
        assertEquals(1, json("{\"media\":\"{}\"}").messages());
        assertEquals(100, json("{\"message_ids\":[" + "1,".repeat(150) + "1]}").messages());
        // Telegram may read what is not read here.
        assertEquals(100, json("{\"media\":\"[{\\\"a\\\":1,\\\"a\\\":2}]\"}").messages());
        assertEquals(2, form("media", "[{},{}]").messages());
        assertEquals(2, form("message_ids", "[1,2]").messages());
        assertEquals(1, form("document", "[1,2]").messages());
    }

    @Test
    void aLongPollIsAsLongAsItSays() {
        assertEquals(0, json("{}").longPollSeconds());
        assertEquals(30, json("{\"timeout\":30}").longPollSeconds());
        assertEquals(50, json("{\"timeout\":1000}").longPollSeconds());
        assertEquals(0, json("{\"timeout\":-5}").longPollSeconds());
    }

    @Test
    void whatIsNoBodyOfACallIsRefused() {
        for (var type :
                List.of("multipart/form-data; boundary=x; a=" + "b".repeat(300), "multipart/form-data; b=\u0085")) {
            invalid(type, () -> CallBody.of(type, "--x--".getBytes(UTF_8), JSON));
        }
        invalid("no type", () -> CallBody.of(null, "{}".getBytes(UTF_8), JSON));
        for (var body : List.of("[]", "1", "null", "{", "{\"chat_id\":7,\"chat_id\":8}")) {
            invalid(body, () -> json(body));
        }
        for (var charset : List.of(UTF_16, UTF_16LE, ISO_8859_1)) {
            var body = "{\"chat_id\":7,\"text\":\"\u00e9\"}".getBytes(charset);
            invalid(charset.name(), () -> CallBody.of("application/json", body, JSON));
        }
        assertEquals(0, CallBody.of(null, null, JSON).bytes().length);
    }

    private static void invalid(String what, Executable call) {
        var problem = assertThrows(Problem.class, call, what);
        assertEquals("invalid_request", problem.code().code(), what);
    }
}
