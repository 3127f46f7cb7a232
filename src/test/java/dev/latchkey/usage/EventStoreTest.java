package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@QuarkusTest
class EventStoreTest {

    private static final Instant NOON =
            Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(12));

    @Inject
    EventStore store;

    @Inject
    UsageQueries queries;

    private final SampleEvents sample = SampleEvents.ofNewCredential();

    @Test
    void anEventThatComesTwiceInOneBatchAndAgainLaterIsCountedOnce() throws SQLException {
        var event = sample.at(NOON);
        assertEquals(List.of(), store.add(List.of(event, event)));
        assertEquals(List.of(), store.add(List.of(event)));
        assertEquals(1, UsageTables.eventsOf(sample));
        assertEquals(1, UsageTables.countedOf(sample));
    }

    @Test
    void manyWritersOfTheSameEventsInAnyOrderCountEachOnce() throws Exception {
        var events = sample.random(new Random(7), 400, NOON, 24);
        var writers = new ArrayList<Callable<List<EventStore.Refused>>>();
        for (var i = 0; i < 16; i++) {
            var part = new ArrayList<>(events);
            Collections.shuffle(part, new Random(i));
            writers.add(() -> store.add(part.subList(0, 300)));
        }
        writers.add(() -> store.add(events));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(writers)) {
                assertEquals(List.of(), result.get());
            }
        }
        assertEquals(400, UsageTables.eventsOf(sample));
        assertEquals(400, UsageTables.countedOf(sample));
    }

    @Test
    void anEventOfADayWithoutPartitionIsKeptInTheDefaultOne() throws SQLException {
        store.add(
                List.of(sample.at(Instant.parse("1971-05-05T00:00:00Z")), sample.at(NOON.plusSeconds(1_000_000_000))));
        var tables = UsageTables.rows("select tableoid::regclass from token_usage_events where credential_id = '%s'"
                .formatted(sample.credentialId()));
        assertEquals(List.of("token_usage_events_default", "token_usage_events_default"), tables);
        assertEquals(2, UsageTables.countedOf(sample));
    }

    @Test
    void anEventThatPostgresRefusesDoesNotKeepTheOthersBack() throws SQLException {
        var wrong = sample.with(NOON, "GET", "/nul\0", 200, Duration.ZERO);
        var refused = store.add(List.of(sample.at(NOON), wrong, sample.at(NOON)));
        assertEquals(
                List.of(wrong), refused.stream().map(EventStore.Refused::event).toList());
        assertEquals(2, UsageTables.countedOf(sample));
    }

    @Test
    void nothingIsRefusedWhilePostgresIsAway() {
        var nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
        var away = new EventStore(nowhere, new SimpleMeterRegistry());
        assertThrows(SQLException.class, () -> away.add(List.of(sample.at(NOON))));
    }

    @Test
    void theLastUseMovesForwardOnly() throws SQLException {
        var ids = List.of(sample.credentialId(), SampleEvents.ofNewCredential().credentialId());
        assertEquals(Map.of(), queries.lastUse(ids));
        store.add(List.of(sample.at(NOON), sample.at(NOON.minusSeconds(5))));
        store.add(List.of(sample.at(NOON.minusSeconds(60))));
        assertEquals(Map.of(sample.credentialId(), NOON), queries.lastUse(ids));
        store.add(List.of(sample.at(NOON.plusSeconds(60))));
        assertEquals(Map.of(sample.credentialId(), NOON.plusSeconds(60)), queries.lastUse(ids));
    }

    @Test
    void theScopesEverUsedAreKnown() throws SQLException {
        var event = sample.at(NOON);
        store.add(List.of(event, withScopes(List.of("write:audits", "read:audits")), withScopes(List.of())));
        store.add(List.of(withScopes(List.of("read:reports"))));
        assertEquals(
                Map.of(sample.credentialId(), Set.of("read:audits", "write:audits", "read:reports")),
                queries.scopesUsed(List.of(sample.credentialId())));
        assertTrue(queries.scopesUsed(List.of()).isEmpty());
    }

    private UsageEvent withScopes(List<String> scopes) {
        var event = sample.at(NOON);
        return new UsageEvent(
                event.id(),
                NOON,
                event.tenantId(),
                event.credentialId(),
                "api_key",
                Optional.empty(),
                event.endpoint(),
                event.method(),
                200,
                Duration.ZERO,
                0,
                "request-3",
                scopes);
    }
}
