package dev.latchkey.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.credit.Movement;
import dev.latchkey.platform.id.Uuid7;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Uses that are alike become one row, and nothing gets lost on the way. */
class FoldTest {

    private static final Instant MINUTE = Instant.parse("2026-11-21T12:00:00Z");

    private final UUID account = Uuid7.next();
    private final SampleUses sample = SampleUses.ofNewCredential().paidBy(account);

    @Test
    void whatIsAlikeWithinAMinuteIsOneRowWithTheTimeOfTheFirstAndTheMeanLatency() {
        var fold = fold(
                sample.with(MINUTE.plusSeconds(59), 200, "/a", 10, List.of()),
                sample.with(MINUTE.plusSeconds(1), 200, "/a", 20, List.of()),
                sample.with(MINUTE.plusSeconds(30), 200, "/a", 33, List.of()));
        var row = fold.rows().iterator().next();
        assertEquals(1, fold.rows().size());
        assertEquals(3, row.calls());
        assertEquals(21, row.latencyMicrosMean());
        assertEquals(MINUTE.plusSeconds(1).getEpochSecond() * 1_000_000, row.atMicros());
        assertEquals(3, row.credits());
    }

    @Test
    void whatDiffersInAnythingIsARowOfItsOwn() {
        var other = SampleUses.ofNewCredential().paidBy(account);
        var fold = fold(
                sample.at(MINUTE, 200),
                sample.at(MINUTE.minusNanos(1000), 200),
                sample.at(MINUTE, 404),
                sample.with(MINUTE, 200, "/other", 1000, List.of()),
                sample.with(MINUTE, 200, "/api/v1/verify", 1000, List.of("a")),
                sample.with(MINUTE, 200, "/api/v1/verify", 1000, List.of("a", "b")),
                other.at(MINUTE, 200));
        assertEquals(7, fold.rows().size());
        assertEquals(1, fold(uses(List.of("a", "b"), List.of("b", "a"))).rows().size());
    }

    @Test
    void aRefusedUseSpendsNothingAndUsesNoScope() {
        var fold = Fold.of(List.of(new DecidedChunk(sample.undecided(3, MINUTE), Outcome.parse("0,c,0"))));
        assertEquals(List.of(), fold.movements());
        assertEquals(0, fold.scopeUses().size());
        assertEquals(1, fold.lastUses().size());
        assertEquals(429, fold.rows().iterator().next().status());
        assertEquals(0, fold.rows().iterator().next().credits());
    }

    @Test
    void whatWasSpentAndRefilledIsToldForEachAccount() {
        var period = Instant.parse("2026-11-21T00:00:00Z");
        var told = "1,c+5@" + period.toEpochMilli() + ",1";
        var chunk = new DecidedChunk(sample.undecided(3, MINUTE), Outcome.parse(told));
        var again = new DecidedChunk(sample.undecided(3, MINUTE), Outcome.parse(told));
        assertEquals(
                List.of(new Movement(account, 4, Map.of(period, 5L))),
                Fold.of(List.of(chunk, again)).movements());
    }

    @Property(tries = 50)
    void nothingIsLostOrAddedBySummingUp(@ForAll long seed) {
        var chunks = SampleUses.ofNewCredential().random(new Random(seed), 5, 40, MINUTE, 1);
        var fold = Fold.of(chunks.stream().map(DecidedChunk::of).toList());
        assertEquals(200, fold.rows().stream().mapToInt(row -> row.calls()).sum());
        assertEquals(
                chunks.stream()
                        .flatMap(chunk -> chunk.uses().stream())
                        .mapToLong(Use::latencyMicros)
                        .sum(),
                fold.rows().stream()
                        .mapToLong(row -> row.latencyMicrosMean() * row.calls())
                        .sum(),
                200 / 2.0);
        assertTrue(fold.rows().stream()
                .allMatch(row -> row.atMicros() >= row.like().atMicros() / 60_000_000 * 60_000_000));
    }

    private Use[] uses(List<String> tags, List<String> others) {
        return new Use[] {
            sample.with(MINUTE, 200, "/a", 1, tags), sample.with(MINUTE, 200, "/a", 1, others),
        };
    }

    private static Fold fold(Use... uses) {
        return Fold.of(List.of(DecidedChunk.of(Chunk.of(List.of(uses)))));
    }
}
