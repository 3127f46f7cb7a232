package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search that {@link CanaryIT} relies on finds what it looks for. */
class CanaryTest {

    private static final Canary CANARY = new Canary("test", "a Secret/with+signs?");

    @Test
    void aSecretIsFoundAsItIsAndInEachCodingWhateverStandsAroundIt() {
        for (var around = 0; around < 4; around++) {
            var text = "x".repeat(around) + CANARY.text() + "y".repeat(around);
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            assertTrue(CANARY.isIn(text));
            assertTrue(CANARY.isIn("\\x" + HexFormat.of().formatHex(bytes)));
            assertTrue(CANARY.isIn(Base64.getEncoder().encodeToString(bytes)), text);
            assertTrue(CANARY.isIn(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)), text);
        }
        assertTrue(CANARY.isIn("?token=a+Secret%2Fwith%2Bsigns%3F&x"));
        assertFalse(CANARY.isIn("a secret/with+signs?"));
    }

    @Test
    void whatIsFoundIsToldByItsKindAndPlaceAndNotRepeated() {
        var canaries = List.of(CANARY, new Canary("other", "short-secret"), new Canary("absent", "never-said"));
        var inBase64 = Base64.getEncoder().encodeToString("short-secret".getBytes(StandardCharsets.UTF_8));
        var found = Canary.found(canaries, CANARY.text() + " begins, and " + inBase64 + " ends");
        assertEquals(List.of("test in ...<HERE> begins, and c2hvcnQtc2VjcmV0 ends", "other in"), beginnings(found));
        assertEquals(List.of(), Canary.found(canaries, "nothing of it"));
        assertEquals(List.of(), Canary.found(canaries, "-"));
        assertEquals(1, Canary.found(canaries, "at its end never-said").size());
    }

    private static List<String> beginnings(List<String> found) {
        return List.of(found.getFirst(), found.getLast().substring(0, "other in".length()));
    }
}
