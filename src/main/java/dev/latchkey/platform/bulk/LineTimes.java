package dev.latchkey.platform.bulk;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads times as PostgreSQL's JSON has them: as in RFC 3339; without an offset, in UTC. */
public final class LineTimes {

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .optionalStart()
            .appendOffsetId()
            .toFormatter();

    private final LineFaults faults;

    public LineTimes(LineFaults faults) {
        this.faults = faults;
    }

    /** To the microsecond, as PostgreSQL keeps it; empty if there is none, or it is a fault by now. */
    public Optional<Instant> read(int line, String column, @Nullable String text) {
        try {
            var time = text == null ? null : parse(text);
            if (time == null || time.getYear() >= 1970 && time.getYear() <= 9999) {
                return Optional.ofNullable(time).map(known -> known.toInstant().truncatedTo(ChronoUnit.MICROS));
            }
            faults.add(line, column, "must be a time from 1970 to 9999");
        } catch (DateTimeException e) {
            faults.add(line, column, "must be a time as in RFC 3339; without an offset, in UTC");
        }
        return Optional.empty();
    }

    private static OffsetDateTime parse(String text) {
        return switch (TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from)) {
            case OffsetDateTime time -> time;
            case LocalDateTime time -> time.atOffset(ZoneOffset.UTC);
            default -> throw new DateTimeException("No time");
        };
    }
}
