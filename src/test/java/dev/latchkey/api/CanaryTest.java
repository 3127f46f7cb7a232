package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
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
}
