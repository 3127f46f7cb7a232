package dev.latchkey.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitRequestTest {

    @Test
    void takesTheSubjectsThatTheServiceKnows() {
        for (var subject : List.of("token:018f", "user:1", "address:192.0.2.7", "address:2001:db8::1", "api_key:x")) {
            assertEquals(subject.substring(0, subject.indexOf(':')), new LimitRequest(subject, List.of(), 1).kind());
        }
    }

    @Test
    void refusesASubjectThatWouldBreakItsKeys() {
        for (var subject :
                List.of("", "token", "token:", ":x", "Token:x", "t:{x}", "t:x y", "t:\n", "t:" + "x".repeat(201))) {
            assertThrows(IllegalArgumentException.class, () -> new LimitRequest(subject, List.of(), 1));
        }
    }

    @Test
    void refusesImpossibleCosts() {
        for (var cost : List.of(-1L, Policy.LARGEST + 1, Long.MIN_VALUE, Long.MAX_VALUE)) {
            assertThrows(IllegalArgumentException.class, () -> new LimitRequest("t:x", List.of(), cost));
        }
    }

    @Test
    void refusesTwoWindowsOfOneNameAndTooMany() {
        var twice = List.of(Window.minute(1), new Window("minute", 1, Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> new LimitRequest("t:x", twice, 1));
        var many = Collections.nCopies(17, Window.minute(1));
        assertThrows(IllegalArgumentException.class, () -> new LimitRequest("t:x", many, 1));
    }

    @Test
    void refusesImpossibleWindows() {
        for (var limit : List.of(-1L, Policy.LARGEST + 1)) {
            assertThrows(IllegalArgumentException.class, () -> Window.minute(limit));
        }
        for (var length :
                List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofNanos(1_500_000), Duration.ofDays(401))) {
            assertThrows(IllegalArgumentException.class, () -> new Window("w", 1, length));
        }
    }
}
