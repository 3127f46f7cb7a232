package dev.latchkey.platform.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is kept by its size is not kept for less than it takes: a short text may hide many parts. */
class JsonSizeTest {

    @Test
    void nothingTakesNothingAndALongTextItsLetters() {
        assertEquals(0, JsonSize.bytes(null));
        assertTrue(JsonSize.bytes("x".repeat(4000)) >= 8000);
        assertTrue(JsonSize.bytes(Map.of("x".repeat(4000), 1)) >= 8000);
    }

    @Test
    void depthDoesNotMatter() {
        Object deep = List.of();
        for (var i = 0; i < 1_000_000; i++) {
            deep = List.of(deep);
        }
        assertTrue(JsonSize.bytes(deep) > 40_000_000);
    }

    @Test
    void whatIsTakenIsGuessedToWithinAFactorOfThree() throws Exception {
        var text = "{\"a\":[" + "[],".repeat(800) + "{}],\"b\":{"
                + "\"%d\":1,".repeat(200).formatted(numbers()) + "\"z\":null}}";
        var json = new ObjectMapper();
        var guessed = JsonSize.bytes(json.readValue(text, Object.class));
        var before = used();
        var copies = new ArrayList<Object>();
        for (var i = 0; i < 500; i++) {
            copies.add(json.readValue(text, Object.class));
        }
        var taken = (used() - before) / copies.size();
        assertTrue(guessed > taken / 3 && guessed < taken * 3, () -> "guessed " + guessed + ", taken " + taken);
    }

    private static Object[] numbers() {
        return List.of(java.util.stream.IntStream.range(0, 200).boxed().toArray())
                .toArray();
    }

    private static long used() {
        for (var i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
