package dev.latchkey.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrubTest {

    private static final String HALF = "AAF-aB_cDeFgHiJkLmNoPqRsTuVwXyZ0123";
    private static final String TEXT = "123456789:" + HALF;
    private static final Scrub SCRUB = new Scrub(BotToken.parse(TEXT).orElseThrow());

    @ParameterizedTest
    @ValueSource(
            strings = {
                TEXT,
                HALF,
                "123456789%3A" + HALF,
                "123456789%3a" + HALF,
                "123456789%253A" + HALF,
                "123456789\\u003a" + HALF,
                "123456789\\u003A" + HALF,
                "123456789\\\\u003a" + HALF,
                "123456789\\x3a" + HALF,
                "123456789&#58;" + HALF,
                "123456789&#x3a;" + HALF,
                "123456789&#X003A;" + HALF,
                "%31%32%33%34%35%36%37%38%39%3A" + HALF
            })
    void eachFormIsCutOut(String form) {
        assertEquals("<[bot token]>", clean("<" + form + ">"));
        assertEquals("[bot token]", clean(form));
    }

    @Test
    void eachPlaceIsCutOut() {
        assertEquals("a[bot token][bot token]b[bot token]", clean("a" + TEXT + TEXT + "b" + HALF));
        assertEquals("11[bot token]", clean("11" + TEXT));
        assertEquals("987:[bot token]", clean("987:" + HALF));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "123456789",
                "123456789:",
                "123456789:AAF-aB_cDeFgHiJkLmNoPqRsTuVwXyZ012",
                "%",
                "\\",
                "\\u",
                "\\u00",
                "&#",
                "&#x",
                "&#58",
                "%2525252525",
                "123456789:AAF-aB_cDeFgHiJkLmNoPqRsTuVwXyZ0124"
            })
    void nothingElseIsTouched(String text) {
        var bytes = text.getBytes(UTF_8);
        assertSame(bytes, SCRUB.clean(bytes));
    }

    @Property
    void noMixtureOfFormsGetsThrough(
            @ForAll long seed, @ForAll("around") String before, @ForAll("around") String after) {
        var written = new StringBuilder();
        var random = new Random(seed);
        TEXT.chars().forEach(character -> written.append(form((char) character, random)));
        assertEquals(before + "[bot token]" + after, clean(before + written + after));
    }

    @Property
    void otherBytesStayWhatTheyAre(@ForAll byte[] bytes) {
        assertArrayEquals(bytes.clone(), SCRUB.clean(bytes));
    }

    /** Nothing that would be a part of an escape. */
    @Provide
    Arbitrary<String> around() {
        return Arbitraries.strings().withChars("xyz {}\"\u00e4").ofMaxLength(20);
    }

    private static String form(char character, Random random) {
        var hex = Integer.toHexString(character);
        var forms = List.of(
                String.valueOf(character),
                String.valueOf(character),
                "%" + hex,
                "%25" + hex,
                "%2525" + hex,
                "\\u00" + hex,
                "\\\\u00" + hex,
                "\\x" + hex,
                "&#" + (int) character + ";",
                "&#x" + hex + ";",
                "&#x00" + hex.toUpperCase(Locale.ROOT) + ";",
                "%" + hex.toUpperCase(Locale.ROOT),
                "\\u00" + hex.toUpperCase(Locale.ROOT));
        return forms.get(random.nextInt(forms.size()));
    }

    private static String clean(String text) {
        return new String(SCRUB.clean(text.getBytes(UTF_8)), UTF_8);
    }
}
