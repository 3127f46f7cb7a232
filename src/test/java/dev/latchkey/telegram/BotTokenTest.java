package dev.latchkey.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.latchkey.platform.crypto.Digests;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BotTokenTest {

    private static final String HALF = "AAF-aB_cDeFgHiJkLmNoPqRsTuVwXyZ0123";
    private static final String TEXT = "123456789:" + HALF;

    @Test
    void knowsItsBot() {
        var token = BotToken.parse(TEXT).orElseThrow();
        assertEquals(123456789, token.botId());
        assertEquals(TEXT, token.secret().reveal());
        assertArrayEquals(Digests.sha256(TEXT), token.digest());
    }

    @Test
    void idsAreAsLongAsNumbersAre() {
        assertTrue(BotToken.parse("1:" + HALF).isPresent());
        assertEquals(
                Long.MAX_VALUE,
                BotToken.parse(Long.MAX_VALUE + ":" + HALF).orElseThrow().botId());
        assertTrue(BotToken.parse("9223372036854775808:" + HALF).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "1",
                ":" + HALF,
                HALF,
                "0:" + HALF,
                "01:" + HALF,
                "-1:" + HALF,
                "+1:" + HALF,
                "1a:" + HALF,
                "\u0661:" + HALF,
                "99999999999999999999:" + HALF,
                "123456789012345678901:" + HALF,
                " " + TEXT,
                TEXT + " ",
                TEXT + "\n",
                TEXT + "\r\n",
                "\n" + TEXT,
                TEXT + "0",
                "123456789:" + "AAF-aB_cDeFgHiJkLmNoPqRsTuVwXyZ012",
                "123456789:" + "AAF-aB_cDeFgHiJkLmNoPqRsTuVwXyZ012+",
                "123456789:" + "AAF-aB_cDeFgHiJkLmNoPqRsTuVwXyZ012/",
                "123456789:" + "AAF-aB_cDeFgHiJkLmNoPqRsTuVwXyZ012.",
                "123456789:" + "AAF-aB_cDeFgHiJkLmNoPqRsTuVwXyZ012\u00e4",
                "123456789:" + "AAF-aB_cDeFgHiJ LmNoPqRsTuVwXyZ0123",
                "123456789::" + HALF,
                "123456789%3A" + HALF,
                "bot" + TEXT
            })
    void refusesEveryOtherShape(String text) {
        assertTrue(BotToken.parse(text).isEmpty());
    }

    @Test
    void isEqualToTheSameTextOnly() {
        var token = BotToken.parse(TEXT).orElseThrow();
        var same = BotToken.parse(TEXT).orElseThrow();
        var other = BotToken.parse("123456789:" + HALF.toLowerCase(Locale.ROOT)).orElseThrow();
        assertEquals(token, same);
        assertEquals(token.hashCode(), same.hashCode());
        assertNotEquals(token, other);
    }

    @Test
    void nobodyChangesItsDigest() {
        var token = BotToken.parse(TEXT).orElseThrow();
        token.digest()[0]++;
        assertArrayEquals(Digests.sha256(TEXT), token.digest());
    }

    @Test
    void doesNotShowItself() throws Exception {
        var token = BotToken.parse(TEXT).orElseThrow();
        assertEquals("[bot token of 123456789]", token.toString());
        var json = new ObjectMapper()
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .writeValueAsBytes(token);
        assertFalse(new String(json, UTF_8).contains(HALF));
        assertFalse(HexFormat.of().formatHex(json).contains(HexFormat.of().formatHex(token.digest())));
    }
}
