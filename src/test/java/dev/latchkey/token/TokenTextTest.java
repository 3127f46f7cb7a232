package dev.latchkey.token;

import static dev.latchkey.api.Api.as;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.crypto.RandomText;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The text of a token, and that only a genuine one costs anything. */
@QuarkusTest
class TokenTextTest {

    @Inject
    TokenText texts;

    @Inject
    MeterRegistry metrics;

    @Test
    void aTextHasTheShapeOfTheContract() {
        var seen = new HashSet<String>();
        for (var i = 0; i < 200; i++) {
            var live = texts.make(Environment.LIVE).reveal();
            assertTrue(live.matches("lk_live_[0-9A-Za-z]{36}"), live);
            assertTrue(texts.isGenuine(live));
            assertTrue(seen.add(live));
        }
        assertTrue(texts.make(Environment.TEST).reveal().matches("lk_test_[0-9A-Za-z]{36}"));
    }

    @Test
    void oneChangedCharacterAnywhereMakesATextUngenuine() {
        var text = texts.make(Environment.LIVE).reveal();
        for (var i = 0; i < text.length(); i++) {
            var other = text.charAt(i) == 'x' ? 'y' : 'x';
            assertFalse(texts.isGenuine(text.substring(0, i) + other + text.substring(i + 1)), "character " + i);
        }
        assertFalse(texts.isGenuine(text + "x"));
        assertFalse(texts.isGenuine(text.substring(1)));
        assertFalse(texts.isGenuine(text.replace("live", "test")));
        assertFalse(texts.isGenuine(""));
    }

    @Test
    void garbageOfTheRightShapeIsRefusedWithoutALookAtTheDatabase() {
        var misses = misses();
        var malformed = verifications("MALFORMED");
        IntStream.range(0, 50).forEach(i -> as("lk_live_" + RandomText.base62(36))
                .get("/api/v1/tokens/me")
                .then()
                .statusCode(401));
        assertEquals(50, verifications("MALFORMED") - malformed);
        assertEquals(0, misses() - misses);
        // The measure measures: a text that could have been issued here is looked for.
        as(texts.make(Environment.LIVE).reveal())
                .get("/api/v1/tokens/me")
                .then()
                .statusCode(401);
        assertEquals(1, misses() - misses);
    }

    private double misses() {
        return metrics.counter("latchkey_near_cache_misses", "cache", "credentials")
                .count();
    }

    private double verifications(String code) {
        return metrics.counter("latchkey_verifications", "code", code, "kind", "none")
                .count();
    }
}
