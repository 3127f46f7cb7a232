package dev.latchkey.governor;

import io.vertx.redis.client.Response;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What was counted of a bot in some time.
 *
 * @param total calls that went out
 * @param last when the last of them did; empty if none did
 * @param days what ended, by day (UTC) and method
 */
public record Tally(UUID name, long total, Optional<Instant> last, List<Day> days) {

    /**
     * Calls that ended, of one method on one day.
     *
     * @param errors without those that Telegram refused as too many, which are {@code limited}
     * @param micros how long all of them took together; {@code longest}, one of them
     */
    public record Day(LocalDate day, String method, long calls, long errors, long limited, long micros, long longest) {

        private static Day of(String key, Map<String, Long> counts) {
            var parts = key.split(":", 2);
            return new Day(
                    LocalDate.ofEpochDay(Long.parseLong(parts[0])),
                    parts[1],
                    counts.getOrDefault("calls", 0L),
                    counts.getOrDefault("errors", 0L),
                    counts.getOrDefault("limited", 0L),
                    counts.getOrDefault("micros", 0L),
                    counts.getOrDefault("longest", 0L));
        }
    }

    /** @param answer names and values, in turn */
    static Tally of(Response answer) {
        var plain = new TreeMap<String, String>();
        var days = new TreeMap<String, Map<String, Long>>();
        for (var i = 0; i < answer.size(); i += 2) {
            var name = answer.get(i).toString();
            var value = answer.get(i + 1).toString();
            var end = name.lastIndexOf(':');
            if (end < 0) {
                plain.put(name, value);
            } else {
                days.computeIfAbsent(name.substring(0, end), key -> new TreeMap<>())
                        .put(name.substring(end + 1), Long.parseLong(value));
            }
        }
        return new Tally(
                UUID.fromString(plain.getOrDefault("name", "")),
                Long.parseLong(plain.getOrDefault("total", "0")),
                Optional.ofNullable(plain.get("last")).map(Long::parseLong).map(Instant::ofEpochMilli),
                days.entrySet().stream()
                        .map(day -> Day.of(day.getKey(), day.getValue()))
                        .toList());
    }
}
