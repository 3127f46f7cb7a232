package dev.latchkey.credit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** When a refill falls. */
class RefillTest {

    @Property
    void aDailyRefillFallsAtTheMidnightBefore(@ForAll @LongRange(min = 0, max = 4_133_980_800L) long second) {
        var now = Instant.ofEpochSecond(second);
        var start = Refill.daily(1).periodStart(now);
        assertFalse(start.isAfter(now));
        assertTrue(now.isBefore(start.plusSeconds(86_400)));
        assertEquals(0, start.getEpochSecond() % 86_400);
    }

    /** Every day of the month in every month of 1970 to 2100, leap years included: as a model that walks the calendar says. */
    @Test
    void aMonthlyRefillFallsOnceAMonthOnItsDayOrOnTheLastOne() {
        for (var day = 1; day <= 31; day++) {
            var refill = Refill.monthly(1, day);
            var before = start(YearMonth.of(1969, 12), day);
            for (var month = YearMonth.of(1970, 1); month.getYear() <= 2100; month = month.plusMonths(1)) {
                var falls = start(month, day);
                assertEquals(before, refill.periodStart(falls.minusNanos(1)));
                assertEquals(falls, refill.periodStart(falls));
                assertEquals(falls, refill.periodStart(falls.plusNanos(1)));
                assertEquals(
                        falls,
                        refill.periodStart(start(month.plusMonths(1), day).minusNanos(1)));
                before = falls;
            }
        }
    }

    @Property
    void periodsNeverGoBack(
            @ForAll @IntRange(min = 1, max = 31) int day,
            @ForAll @LongRange(min = 0, max = 4_133_980_800L) long one,
            @ForAll @LongRange(min = 0, max = 4_133_980_800L) long other) {
        var refill = Refill.monthly(1, day);
        var first = refill.periodStart(Instant.ofEpochSecond(Math.min(one, other)));
        assertFalse(first.isAfter(refill.periodStart(Instant.ofEpochSecond(Math.max(one, other)))));
        assertEquals(first, refill.periodStart(first));
    }

    @Test
    void theEndOfFebruaryIsWhereItIs() {
        var last = Refill.monthly(1, 31);
        assertEquals(Instant.parse("2024-02-29T00:00:00Z"), last.periodStart(Instant.parse("2024-03-30T23:59:59Z")));
        assertEquals(Instant.parse("2026-02-28T00:00:00Z"), last.periodStart(Instant.parse("2026-03-01T00:00:00Z")));
        assertEquals(Instant.parse("2100-02-28T00:00:00Z"), last.periodStart(Instant.parse("2100-03-15T00:00:00Z")));
        assertEquals(Instant.parse("2026-04-30T00:00:00Z"), last.periodStart(Instant.parse("2026-05-30T00:00:00Z")));
    }

    @Test
    void anImpossibleRefillIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Refill.daily(0));
        assertThrows(IllegalArgumentException.class, () -> Refill.monthly(1, 0));
        assertThrows(IllegalArgumentException.class, () -> Refill.monthly(1, 32));
        assertThrows(IllegalArgumentException.class, () -> Refill.Interval.of("weekly"));
    }

    @Test
    void aRefillThatIsDueShowsBeforeAnybodyHasBookedIt() {
        var opened = Instant.parse("2026-11-21T12:00:00Z");
        var account = new Account(3, Optional.of(Refill.daily(10)), opened);
        assertEquals(3, account.remaining(Instant.parse("2026-11-21T23:59:59Z")));
        assertEquals(10, account.remaining(Instant.parse("2026-11-22T00:00:00Z")));
        assertEquals(30, new Account(30, Optional.of(Refill.daily(10)), opened).remaining(opened.plusSeconds(86_400)));
        assertEquals(0, new Account(-2, Optional.empty(), opened).remaining(opened));
    }

    private static Instant start(YearMonth month, int day) {
        var last = month.lengthOfMonth();
        var date = LocalDate.of(month.getYear(), month.getMonthValue(), day > last ? last : day);
        return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
