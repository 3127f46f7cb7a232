package dev.latchkey.credit;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;

/**
 * What fills an account up again, at midnight UTC.
 *
 * @param amount up to how much
 * @param day of the month, for monthly refills; the last day where a month has fewer. Daily refills leave it at 1
 */
public record Refill(long amount, Interval interval, int day) {

    /** How often. */
    public enum Interval {
        DAILY,
        MONTHLY;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException if there is no such interval */
        public static Interval of(String word) {
            return Arrays.stream(values())
                    .filter(interval -> interval.word().equals(word))
                    .findAny()
                    .orElseThrow(() -> new IllegalArgumentException("There is no such interval"));
        }
    }

    /** @throws IllegalArgumentException for an amount below 1 or a day that no month has */
    public Refill {
        if (amount < 1 || day < 1 || day > 31) {
            throw new IllegalArgumentException("amount " + amount + ", day " + day);
        }
    }

    public static Refill daily(long amount) {
        return new Refill(amount, Interval.DAILY, 1);
    }

    public static Refill monthly(long amount, int day) {
        return new Refill(amount, Interval.MONTHLY, day);
    }

    /** The last time, up to and including now, at which a refill falls. */
    public Instant periodStart(Instant now) {
        var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return switch (interval) {
            case DAILY -> midnight(today);
            case MONTHLY -> {
                var month = YearMonth.from(today);
                var falls = in(month);
                yield midnight(falls.isAfter(today) ? in(month.minusMonths(1)) : falls);
            }
        };
    }

    /** The next time after now at which a refill falls. */
    public Instant periodEnd(Instant now) {
        var began = LocalDate.ofInstant(periodStart(now), ZoneOffset.UTC);
        return switch (interval) {
            case DAILY -> midnight(began.plusDays(1));
            case MONTHLY -> midnight(in(YearMonth.from(began).plusMonths(1)));
        };
    }

    private LocalDate in(YearMonth month) {
        return month.atDay(Math.min(day, month.lengthOfMonth()));
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
