package dev.latchkey.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.chunk.SampleUses;
import dev.latchkey.usage.Meter;
import dev.latchkey.usage.SwitchableServices;
import dev.latchkey.usage.UsageConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of a use from the journal to PostgreSQL, and what happens while there is none. */
@QuarkusTest
class JournalShippingTest {

    private static final ShutdownEvent END = new ShutdownEvent();
    private static final int PATIENCE_SECONDS = 30;

    @Inject
    Meter meter;

    @Inject
    UsageConfig usage;

    @Inject
    SwitchableServices services;

    @Inject
    Journal ofTheApplication;

    @Inject
    DataSource database;

    @TempDir
    Path root;

    private final SampleUses sample = SampleUses.ofNewCredential();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @AfterEach
    void bringPostgresBack() {
        services.postgresAway(false);
    }

    @Test
    void whatIsAppendedIsCountedOnceAndNothingStays() throws IOException {
        var journal = open(meter, root);
        append(journal, 3000);
        awaitCounted(3000);
        append(journal, 10);
        journal.stop(END);
        awaitCounted(3010);
        assertEquals(3010, metrics.counter("latchkey_journal_uses_total").count());
        assertEquals(0, names());
        assertFalse(journal.isOpen());
    }

    @Test
    void afterTheEndNothingIsTaken() {
        var journal = open(meter, root);
        var writer = journal.writer();
        var other = journal.writer();
        assertTrue(writer.append(sample.at(Instant.now(), 200)));
        journal.stop(END);
        assertFalse(writer.append(sample.at(Instant.now(), 200)));
        assertFalse(other.append(sample.at(Instant.now(), 200)));
        awaitCounted(1);
    }

    @Test
    void whileRedisIsAwayUsesGoToPostgres() {
        var journal = open(services.meterWithoutRedis(metrics), root);
        append(journal, 500);
        awaitCounted(500);
        journal.stop(END);
    }

    @Test
    void whileBothAreAwayUsesWaitAndAreCountedWhenOneIsBack() {
        services.postgresAway(true);
        var journal = open(services.meterWithoutRedis(metrics), root);
        append(journal, 500);
        Eventually.within(
                PATIENCE_SECONDS,
                () -> assertEquals(
                        500, metrics.get("latchkey_journal_unshipped").gauge().value()));
        append(journal, 200);
        services.postgresAway(false);
        awaitCounted(700);
        assertEquals(0, metrics.counter("latchkey_usage_events_lost_total").count());
        journal.stop(END);
    }

    @Test
    void whatCouldNotBeShippedAtTheEndIsForTheNextProcess() throws IOException {
        services.postgresAway(true);
        var journal = open(services.meterWithoutRedis(metrics), root);
        append(journal, 100);
        journal.stop(END);
        assertEquals(1, names());
        services.postgresAway(false);
        var next = open(meter, root);
        next.recover();
        awaitCounted(100);
        assertEquals(
                100, metrics.counter("latchkey_journal_recovered_uses_total").count());
        next.stop(END);
        assertEquals(0, names());
    }

    @Test
    void withoutADirectoryOrWithOneThatCannotBeUsedThereIsNoJournalAndTheServiceStarts() throws IOException {
        assertFalse(ofTheApplication.isOpen());
        assertThrows(IllegalStateException.class, ofTheApplication::writer);
        var file = Files.createFile(root.resolve("file"));
        assertFalse(open(meter, file).isOpen());
    }

    private Journal open(Meter to, Path directory) {
        var journal = new Journal(
                new JournalConfig() {
                    @Override
                    public Optional<Path> directory() {
                        return Optional.of(directory);
                    }

                    @Override
                    public MemorySize size() {
                        return new MemorySize(BigInteger.valueOf(4L << 20));
                    }
                },
                to,
                usage,
                metrics);
        journal.open();
        return journal;
    }

    private void append(Journal journal, int count) {
        var writer = journal.writer();
        for (var i = 0; i < count; i++) {
            assertTrue(writer.append(sample.at(Instant.now(), 200)));
        }
    }

    private void awaitCounted(int expected) {
        Eventually.within(PATIENCE_SECONDS, () -> assertEquals(expected, counted()));
    }

    private int counted() {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(
                        "select coalesce(sum(calls), 0) from token_usage_events where credential_id = ?")) {
            statement.setObject(1, sample.credentialId());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private int names() throws IOException {
        try (var files = Files.list(root)) {
            return files.toList().size();
        }
    }
}
