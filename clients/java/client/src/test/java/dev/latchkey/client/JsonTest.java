package dev.latchkey.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not JSON is refused, what is JSON is read as it was meant. */
class JsonTest {

    @Test
    void readsEveryKindOfValue() throws Exception {
        var read =
                JsonReader.read(" {\"a\":[1,-2.5e1,true,false,null,\"\\u00e4\\n\\ud83d\\ude00\"],\"b\":{},\"c\":[]} ");
        assertEquals(
                Map.of(
                        "a",
                        Arrays.asList(1L, new BigDecimal("-2.5e1"), true, false, null, "ä\n😀"),
                        "b",
                        Map.of(),
                        "c",
                        List.of()),
                read);
        assertEquals(new BigDecimal("12345678901234567890"), JsonReader.read("12345678901234567890"));
        assertEquals(0L, JsonReader.read("-0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "\"",
                "{]",
                "[}",
                "[1,]",
                "{\"a\":1,}",
                "{,}",
                "[,1]",
                "{a:1}",
                "{'a':1}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,\"a\":2}",
                "01",
                "-",
                "+1",
                ".5",
                "1.",
                "1e",
                "1e+",
                "0x1",
                "1e99999",
                "NaN",
                "Infinity",
                "tru",
                "truex",
                "nul",
                "1 2",
                "{} {}",
                "[1]]",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u١٢٣٤\"",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "\"a\nb\"",
                "\"\t\"",
                "// c\n1",
                "/**/1",
                "\u00a01",
                "\ufeff1"
            })
    void refusesWhatIsNotJson(String text) {
        assertThrows(JsonReader.NotJson.class, () -> JsonReader.read(text));
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThrows(JsonReader.NotJson.class, () -> JsonReader.read(new byte[] {'"', (byte) 0xff, '"'}));
        assertThrows(JsonReader.NotJson.class, () -> JsonReader.read(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}));
    }

    @Test
    void refusesWhatWouldTakeAllMemoryOrStack() {
        assertThrows(JsonReader.NotJson.class, () -> JsonReader.read("[".repeat(100_000)));
        assertThrows(JsonReader.NotJson.class, () -> JsonReader.read("1".repeat(100_000)));
        assertThrows(JsonReader.NotJson.class, () -> JsonReader.read("1e" + "9".repeat(100)));
    }

    @Test
    void aFaultTellsNothingOfTheText() {
        var fault = assertThrows(JsonReader.NotJson.class, () -> JsonReader.read("{\"token\":\"secret\"x"));
        assertEquals("no } at position 17", fault.getMessage());
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++) {
            var value = some(random, 0);
            assertEquals(value, JsonReader.read(JsonWriter.write(value).getBytes(StandardCharsets.UTF_8)));
        }
        assertEquals("\"\\ud800\"", JsonWriter.write("\ud800"));
    }

    private static Object some(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 6)) {
            case 0 -> random.nextLong() / 1000;
            case 1 -> random.nextBoolean();
            case 2 -> null;
            case 3 ->
                random.ints(random.nextInt(8), 1, 0xd800)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .append(random.nextBoolean() ? "😀\"\\" : "")
                        .toString();
            case 4 -> Arrays.asList(some(random, depth + 1), some(random, depth + 1));
            default -> {
                var members = new java.util.LinkedHashMap<String, Object>();
                members.put("a\"" + random.nextInt(), some(random, depth + 1));
                members.put("b", some(random, depth + 1));
                yield members;
            }
        };
    }
}
