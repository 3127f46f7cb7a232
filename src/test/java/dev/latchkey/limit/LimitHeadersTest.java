package dev.latchkey.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.limit.LimitDecision.DecidedBy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LimitHeadersTest {

    // RFC 9651: a list of items, each a string with parameters whose values are integers of at most 15 digits.
    private static final String ITEM =
            "\"[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]*\"(; *[a-z*][a-z0-9_.*-]*=-?[0-9]{1,15})*";
    private static final Pattern LIST = Pattern.compile(ITEM + "([ \\t]*,[ \\t]*" + ITEM + ")*");

    @Test
    void tellsEveryPolicyAndTheOneClosestToExhaustion() {
        var decision = decision(
                Window.minute(60).state(1, 42_000_000, 0),
                Window.hour(1000).state(1, 3_600_000_000L, 0),
                Window.day(10000).state(1, 86_400_000_000L, 0));
        assertEquals(
                Map.of(
                        "RateLimit-Policy", "\"minute\";q=60;w=60, \"hour\";q=1000;w=3600, \"day\";q=10000;w=86400",
                        "RateLimit", "\"minute\";r=59;t=42",
                        "X-RateLimit-Limit", "60",
                        "X-RateLimit-Remaining", "59",
                        "X-RateLimit-Reset", "42"),
                LimitHeaders.of(decision));
    }

    @Test
    void tellsARefusedCallerWhenToComeBackForTheSameCost() {
        var decision = decision(
                Window.minute(60).state(60, 1_000_001, 5_500_000),
                Window.hour(1000).state(1000, 17_000_000, 900_000_000));
        assertEquals(
                Map.of(
                        "RateLimit-Policy", "\"minute\";q=60;w=60, \"hour\";q=1000;w=3600",
                        "RateLimit", "\"hour\";r=0;t=17",
                        "X-RateLimit-Limit", "1000",
                        "X-RateLimit-Remaining", "0",
                        "X-RateLimit-Reset", "17"),
                LimitHeaders.of(decision));
        assertEquals(List.of("minute", "hour"), decision.violated());
        assertEquals(OptionalLong.of(900), decision.retryAfterSeconds());
    }

    @Test
    void areStructuredFieldsForAnyWindow() {
        var longest = new Window("a-name_of32characters-0123456789", Policy.LARGEST, Duration.ofDays(400));
        var briefest = new Window("b", 0, Duration.ofMillis(1));
        var headers = LimitHeaders.of(decision(longest.state(0, 0, 0), briefest.state(0, 0, 1000)));
        assertTrue(LIST.matcher(headers.getOrDefault("RateLimit-Policy", "")).matches());
        assertTrue(LIST.matcher(headers.getOrDefault("RateLimit", "")).matches());
        assertEquals("\"b\";r=0;t=0", headers.get("RateLimit"));
    }

    @Test
    void roundSecondsUpSoThatNobodyComesBackTooEarly() {
        var window = Window.minute(1).state(1, 1, 1);
        assertEquals(1, window.resetSeconds());
        assertEquals(1, window.waitSeconds());
        assertEquals(60, Window.minute(1).state(1, 59_000_001, 0).resetSeconds());
    }

    @Test
    void neverShowLessThanNothingLeft() {
        assertEquals(0, Window.minute(5).state(8, 1, 1).remaining());
    }

    @Test
    void keepTheirOrder() {
        assertEquals(
                List.of(
                        "RateLimit-Policy",
                        "RateLimit",
                        "X-RateLimit-Limit",
                        "X-RateLimit-Remaining",
                        "X-RateLimit-Reset"),
                List.copyOf(LimitHeaders.of(decision(Window.minute(1).state(1, 9, 9)))
                        .keySet()));
    }

    @Test
    void areEmptyWithoutWindows() {
        assertEquals(Map.of(), LimitHeaders.of(decision()));
    }

    @Test
    void cannotBeForgedThroughAName() {
        for (var name : List.of("", "Minute", "a\"b", "a\\b", "a b", "a\r\nb", "é", "a".repeat(33), "1a")) {
            assertThrows(IllegalArgumentException.class, () -> new Window(name, 1, Duration.ofMinutes(1)));
        }
    }

    private static LimitDecision decision(PolicyState... windows) {
        return LimitDecision.of(List.of(windows), DecidedBy.REDIS);
    }
}
