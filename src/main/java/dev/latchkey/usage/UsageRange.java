package dev.latchkey.usage;

import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The span of a report, {@code from} included and {@code to} not. It is widened to whole points, so that no point counts a part
 * of its time only; the report says what was taken.
 */
public record UsageRange(Instant from, Instant to, Granularity granularity) {

    /** A day of minutes and a bit, or two months of hours. */
    static final int POINTS_MAX = 1500;

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");

    /** @throws IllegalArgumentException unless {@code from} is before {@code to} */
    public UsageRange {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException(from + " is not before " + to);
        }
        from = granularity.floor(from);
        to = granularity.ceiling(to);
    }

    /**
     * Reads the query parameters of a usage endpoint. Absent ones mean: by the hour; up to now; a day of minutes or hours, 30
     * days of days. Times are RFC 3339 times, or dates (the beginning of that day, UTC).
     *
     * @throws Problem {@code validation_failed}, with each field that is not valid
     */
    public static UsageRange of(@Nullable String from, @Nullable String to, @Nullable String granularity, Clock clock) {
        var problem = new Problem(CommonProblem.VALIDATION_FAILED, "The range of time is not valid");
        var length = granularity(granularity, problem);
        var end = to == null ? clock.instant() : time("to", to, problem);
        var begin = from == null ? length.ceiling(end).minus(length.usualSpan()) : time("from", from, problem);
        if (problem.errors().isEmpty()) {
            checkSpan(begin, end, length, problem);
        }
        if (!problem.errors().isEmpty()) {
            throw problem;
        }
        return new UsageRange(begin, end, length);
    }

    /** The beginning of each point, in order. */
    List<Instant> points() {
        return Stream.iterate(from, at -> at.isBefore(to), at -> at.plus(granularity.length()))
                .toList();
    }

    private static void checkSpan(Instant from, Instant to, Granularity granularity, Problem problem) {
        if (!from.isBefore(to)) {
            problem.field("from", "must be before to");
            return;
        }
        var seconds = granularity.ceiling(to).getEpochSecond()
                - granularity.floor(from).getEpochSecond();
        var count = seconds / granularity.length().toSeconds();
        if (count > POINTS_MAX) {
            problem.field(
                    "granularity",
                    "makes " + count + " points of this range, and at most " + POINTS_MAX + " are given");
        }
    }

    private static Granularity granularity(@Nullable String word, Problem problem) {
        var found = word == null ? Optional.of(Granularity.HOUR) : Granularity.find(word);
        if (found.isEmpty()) {
            problem.field("granularity", "must be one of minute, hour, day");
        }
        return found.orElse(Granularity.HOUR);
    }

    private static Instant time(String field, String text, Problem problem) {
        try {
            var time = text.length() == "2000-01-01".length()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                problem.field(field, "must be between the years 2000 and 2100");
            }
            return time;
        } catch (DateTimeException e) {
            problem.field(field, "must be a time such as 2026-01-31T12:00:00Z, or a date");
            return EARLIEST;
        }
    }

    /** How long one point of a report is. Points begin at whole minutes, hours and days of UTC. */
    public enum Granularity {
        MINUTE(Duration.ofMinutes(1), Duration.ofDays(1)),
        HOUR(Duration.ofHours(1), Duration.ofDays(1)),
        DAY(Duration.ofDays(1), Duration.ofDays(30));

        private final Duration length;
        private final Duration usualSpan;

        Granularity(Duration length, Duration usualSpan) {
            this.length = length;
            this.usualSpan = usualSpan;
        }

        static Optional<Granularity> find(String word) {
            return Arrays.stream(values())
                    .filter(granularity -> granularity.word().equals(word))
                    .findFirst();
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        Duration length() {
            return length;
        }

        /** How far a report goes back when the caller does not say. */
        Duration usualSpan() {
            return usualSpan;
        }

        /** The beginning of the point that the instant belongs to. */
        Instant floor(Instant at) {
            return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), length.toSeconds()) * length.toSeconds());
        }

        /** The end of the last point that ends with the instant or contains it. */
        Instant ceiling(Instant at) {
            var floor = floor(at);
            return floor.equals(at) ? at : floor.plus(length);
        }
    }
}
