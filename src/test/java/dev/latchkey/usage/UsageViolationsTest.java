package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.chunk.DecidedChunk;
import dev.latchkey.chunk.Outcome;
import dev.latchkey.chunk.SampleUses;
import dev.latchkey.usage.UsageRange.Granularity;
import dev.latchkey.usage.UsageReport.Violation;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which limits refused is counted with the uses themselves: once, and by every way of asking the same. */
@QuarkusTest
class UsageViolationsTest {

    private static final Instant DAY =
            Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(1));
    private static final List<Violation> REFUSED = List.of(new Violation("hour", 3), new Violation("minute", 1));

    @Inject
    ChunkStore store;

    @Inject
    UsageQueries queries;

    @Inject
    UsageAggregates aggregates;

    private final SampleUses sample = SampleUses.ofNewCredential();

    @Test
    void eachLimitThatRefusedIsCountedOnceByHourAndByDayAndAfterARecount() throws SQLException {
        var chunk = new DecidedChunk(sample.undecided(6, DAY.plusSeconds(60)), Outcome.parse("0!2,0!3,1,0!2,0,c"));
        store.add(List.of(chunk, chunk));
        store.add(List.of(chunk));
        assertReported(REFUSED);
        aggregates.recount(LocalDate.ofInstant(DAY, ZoneOffset.UTC));
        assertReported(REFUSED);
        UsageTables.rows(
                "delete from usage_violations where credential_id = '%s' returning 1".formatted(sample.credentialId()));
        aggregates.recount(LocalDate.ofInstant(DAY, ZoneOffset.UTC));
        assertReported(REFUSED);
    }

    @Test
    void nobodyElseSeesThem() throws SQLException {
        store.add(List.of(new DecidedChunk(sample.undecided(1, DAY.plusSeconds(60)), Outcome.parse("0!1"))));
        var stranger = SampleUses.ofNewCredential();
        assertEquals(
                List.of(),
                queries.ofCredential(stranger.tenantId(), sample.credentialId(), range(Granularity.DAY))
                        .violated());
        assertEquals(
                List.of(),
                queries.ofUser(stranger.tenantId(), sample.userId(), range(Granularity.HOUR))
                        .violated());
    }

    private void assertReported(List<Violation> expected) {
        for (var granularity : List.of(Granularity.HOUR, Granularity.DAY)) {
            var ofCredential = queries.ofCredential(sample.tenantId(), sample.credentialId(), range(granularity));
            assertEquals(expected, ofCredential.violated());
            assertEquals(List.of(), ofCredential.shadowViolated());
            assertEquals(
                    expected,
                    queries.ofUser(sample.tenantId(), sample.userId(), range(granularity))
                            .violated());
        }
    }

    private static UsageRange range(Granularity granularity) {
        return new UsageRange(DAY, DAY.plus(Duration.ofDays(1)), granularity);
    }
}
