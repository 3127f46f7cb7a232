package dev.latchkey.governor;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A call that has ended.
 *
 * @param status 200, Telegram's error code, or 0 if there was no answer
 */
public record RecentCall(Instant at, String method, int status, Duration took) {

    static RecentCall of(String line) {
        var parts = line.split(" ");
        return new RecentCall(
                Instant.ofEpochMilli(Long.parseLong(parts[0])),
                parts[1],
                Integer.parseInt(parts[2]),
                Duration.of(Long.parseLong(parts[3]), ChronoUnit.MICROS));
    }
}
