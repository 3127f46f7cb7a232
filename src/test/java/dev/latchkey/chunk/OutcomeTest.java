package dev.latchkey.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.chunk.Outcome.Refilled;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was decided about each use of a chunk, as the script in Redis tells it. */
class OutcomeTest {

    @Test
    void eachUseHasItsOutcomeInItsPlace() {
        assertEquals(
                List.of(
                        outcome(200),
                        outcome(429),
                        outcome(429),
                        new Outcome(200, 0, Optional.of(new Refilled(50, 1_795_219_200_000L))),
                        new Outcome(429, 0, Optional.of(new Refilled(0, 0))),
                        new Outcome(429, 5, Optional.empty()),
                        new Outcome(200, 8, Optional.of(new Refilled(1, 2)))),
                Outcome.parse("1,0,c,1+50@1795219200000,c+0@0,0!5,1!8+1@2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "1,",
                ",1",
                "2",
                "11",
                "1 ",
                "1+",
                "1+@",
                "1+5",
                "1+5@",
                "1+@5",
                "1-5@5",
                "1+-5@5",
                "1+5@-5",
                "1+5,1@5",
                "1+5@5@5",
                "1@5",
                "1+1234567890123456789@1",
                "1+1@1234567890123456789",
                "1+\u0665@1",
                "1+1.5@1",
                "0!",
                "0!,1",
                "0!-1",
                "0!1!2",
                "0!1@2",
                "0?1",
                "0+1@2!4",
                "0!1234567890123456789",
                "m!1"
            })
    void whatIsNoOutcomeIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Outcome.parse(text));
    }

    @Test
    void aUseThatTellsNoStatusTakesItFromTheOutcomeAndAnotherKeepsIts() {
        var decided = new DecidedChunk(chunk(0, 0, 503), Outcome.parse("1,0,1"));
        assertEquals(List.of(200, 429, 503), List.of(decided.status(0), decided.status(1), decided.status(2)));
        assertTrue(decided.isRefused(1));
        assertEquals(404, DecidedChunk.of(chunk(404)).status(0));
    }

    @Test
    void theLimitsThatRefusedAreToldByNameAndThoseThatOnlyWatchApart() {
        var usual = new DecidedChunk(chunk(0, 0), Outcome.parse("0!6,1"));
        assertEquals(List.of("hour", "day"), usual.violated(0));
        assertEquals(List.of(), usual.shadowViolated(0));
        assertEquals(List.of(), usual.violated(1));
        var others = Chunk.of(List.of(decidedBy(List.of("minute", "burst"), List.of("minute", "hour"))));
        var refused = new DecidedChunk(others, Outcome.parse("0!2"));
        assertEquals(List.of("burst"), refused.violated(0));
        var watched = new DecidedChunk(others, Outcome.parse("1!12"));
        assertEquals(List.of(), watched.violated(0));
        assertEquals(List.of("minute", "hour"), watched.shadowViolated(0));
        var rows = Fold.of(List.of(refused, watched, watched)).rows();
        assertEquals(2, rows.size());
        assertEquals(
                2,
                rows.stream()
                        .filter(row -> row.shadowViolated().equals(List.of("minute", "hour")))
                        .mapToInt(Fold.Row::calls)
                        .sum());
    }

    @Test
    void aLimitThatWasNotAskedAndMoreOfThemThanANumberHasBitsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new DecidedChunk(chunk(0), Outcome.parse("0!8")));
        assertThrows(
                IllegalArgumentException.class,
                () -> decidedBy(java.util.Collections.nCopies(30, "a"), java.util.Collections.nCopies(31, "a")));
    }

    @Test
    void whatIsDecidedElsewhereIsNotCountedHere() {
        var decided = new DecidedChunk(chunk(0, 0), Outcome.parse("m,1"));
        assertFalse(decided.isDecided(0));
        assertTrue(decided.isDecided(1));
        assertEquals(1, Fold.of(List.of(decided)).rows().iterator().next().calls());
        var nothing = Fold.of(List.of(new DecidedChunk(chunk(0), Outcome.parse("m"))));
        assertTrue(nothing.rows().isEmpty() && nothing.lastUses().isEmpty());
    }

    @Test
    void outcomesOfAnotherChunkAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> DecidedChunk.of(chunk(200, 0)));
        assertThrows(IllegalArgumentException.class, () -> new DecidedChunk(chunk(0, 0), Outcome.parse("1")));
        assertThrows(IllegalArgumentException.class, () -> new DecidedChunk(chunk(0), Outcome.parse("1,1")));
        assertThrows(IllegalArgumentException.class, () -> new DecidedChunk(chunk(0), Outcome.parse("1+5@5")));
    }

    @Test
    void anEmptyChunkAndAnImpossibleUseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Chunk.of(List.of()));
        assertThrows(IllegalArgumentException.class, () -> use(99, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> use(600, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> use(200, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> use(200, 0, -1));
        assertThrows(IllegalArgumentException.class, () -> use(200, Long.MAX_VALUE, 0));
        assertThrows(IllegalArgumentException.class, () -> use(200, 0, Long.MAX_VALUE));
    }

    private static Outcome outcome(int status) {
        return new Outcome(status, 0, Optional.empty());
    }

    private static Chunk chunk(Integer... statuses) {
        return Chunk.of(
                List.of(statuses).stream().map(status -> use(status, 0, 0)).toList());
    }

    private static Use decidedBy(List<String> policies, List<String> shadowPolicies) {
        return new Use(
                0,
                new UUID(1, 1),
                new UUID(1, 2),
                "api_token",
                Optional.empty(),
                "GET",
                "/a",
                0,
                0,
                List.of(),
                List.of(),
                Optional.empty(),
                0,
                policies,
                shadowPolicies);
    }

    private static Use use(int status, long latencyMicros, long credits) {
        return new Use(
                0,
                new UUID(1, 1),
                new UUID(1, 2),
                "api_token",
                Optional.empty(),
                "GET",
                "/a",
                status,
                latencyMicros,
                List.of(),
                List.of(),
                Optional.empty(),
                credits);
    }
}
