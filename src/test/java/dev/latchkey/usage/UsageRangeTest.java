package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.problem.Problem.FieldError;
import dev.latchkey.usage.UsageRange.Granularity;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageRangeTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T13:46:07.5Z"), ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({
        "            ,            ,       , 2026-11-20T14:00:00Z, 2026-11-21T14:00:00Z, HOUR, 24",
        "            ,            , minute, 2026-11-20T13:47:00Z, 2026-11-21T13:47:00Z, MINUTE, 1440",
        "            ,            , day   , 2026-10-23T00:00:00Z, 2026-11-22T00:00:00Z, DAY, 30",
        "2026-11-21T10:30:00Z,    ,       , 2026-11-21T10:00:00Z, 2026-11-21T14:00:00Z, HOUR, 4",
        "            , 2026-01-02 ,       , 2026-01-01T00:00:00Z, 2026-01-02T00:00:00Z, HOUR, 24",
        "2026-01-01  , 2026-01-31 , day   , 2026-01-01T00:00:00Z, 2026-01-31T00:00:00Z, DAY, 30",
        "2026-01-01T00:00:00+02:00, 2026-01-01T00:00:00.000001Z, , 2025-12-31T22:00:00Z, 2026-01-01T01:00:00Z, HOUR, 3",
        "2026-01-01T00:00:59Z, 2026-01-01T00:01:01Z, minute, 2026-01-01T00:00:00Z, 2026-01-01T00:02:00Z, MINUTE, 2",
        "2000-01-01  , 2000-03-03T12:00:00Z, hour, 2000-01-01T00:00:00Z, 2000-03-03T12:00:00Z, HOUR, 1500",
    })
    void aRangeIsWidenedToWholePointsAndHasSensibleDefaults(
            @Nullable String from,
            @Nullable String to,
            @Nullable String granularity,
            Instant expectedFrom,
            Instant expectedTo,
            Granularity expectedGranularity,
            int points) {
        var range = UsageRange.of(from, to, granularity, CLOCK);
        assertEquals(new UsageRange(expectedFrom, expectedTo, expectedGranularity), range);
        assertEquals(expectedFrom, range.from());
        assertEquals(expectedTo, range.to());
        assertEquals(points, range.points().size());
        assertEquals(expectedFrom, range.points().getFirst());
    }

    @ParameterizedTest
    @CsvSource({
        "'', , , from",
        "yesterday, , , from",
        "2026-13-01, , , from",
        "2026-02-30, , , from",
        "2026-11-20T25:00:00Z, , , from",
        "2026-11-20T10:00:00, , , from",
        "2026-11-20 10:00:00Z, , , from",
        "1763640000, , , from",
        "1999-12-31, , , from",
        "+999999999-12-31T23:59:59Z, , , from",
        "-999999999-01-01T00:00:00Z, , , from",
        ", 2100-01-02, , to",
        ", -999999999-01-01T00:00:00Z, day, to",
        ", '2026-01-01\0', , to",
        "2026-11-21T13:46:07.5Z, , , from",
        "2026-11-22, , , from",
        "2026-01-02, 2026-01-01, , from",
        "2026-01-01, 2026-01-01, day, from",
        ", , '', granularity",
        ", , Hour, granularity",
        ", , week, granularity",
        "2026-11-20, , minute, granularity",
        "2000-01-01, 2000-03-03T12:00:00.000001Z, hour, granularity",
        "2000-01-01, 2100-01-01, day, granularity",
    })
    void eachFieldThatIsNotValidIsNamed(
            @Nullable String from, @Nullable String to, @Nullable String granularity, String field) {
        var problem = assertThrows(Problem.class, () -> UsageRange.of(from, to, granularity, CLOCK));
        assertEquals("validation_failed", problem.code().code());
        assertEquals(
                List.of(field), problem.errors().stream().map(FieldError::field).toList());
    }

    @Test
    void allFieldsThatAreNotValidAreNamedAtOnce() {
        var problem = assertThrows(Problem.class, () -> UsageRange.of("a", "b", "c", CLOCK));
        assertEquals(
                List.of("granularity", "to", "from"),
                problem.errors().stream().map(FieldError::field).toList());
    }
}
