package dev.latchkey.platform.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be a name that people read. */
class TextTest {

    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();

    record Named(@Text(max = 5) String name) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a b",
                "\u00e9t\u00e9",
                "\u65e5\u672c",
                "\ud83d\ude00",
                "a\u200db",
                "\u05d0\u05d1",
                "-'\"<",
                "12345"
            })
    void textsInAnyScriptMayBeNames(String text) {
        assertEquals(0, violations(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u3000",
                "\t",
                "a\0",
                "a\nb",
                "a\rb",
                "a\u001bb",
                "a\u007f",
                "a\u0085b",
                "a\u2028",
                "a\u2029",
                "\ud800",
                "a\udc00",
                "\udc00\ud800",
                "\u202egnp",
                "a\u2066b",
                "123456"
            })
    void blanksControlsBrokenCharactersAndTurnersOfDirectionMayNot(String text) {
        assertEquals(1, violations(text));
    }

    @Test
    void lengthIsCountedInCharactersAndNotInHalvesOfThem() {
        assertEquals(0, violations("\ud83d\ude00".repeat(5)));
        assertEquals(1, violations("\ud83d\ude00".repeat(6)));
    }

    private static int violations(String text) {
        return VALIDATOR.validate(new Named(text)).size();
    }
}
