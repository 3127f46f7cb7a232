package dev.latchkey.journal;

import dev.latchkey.usage.Meter;
import dev.latchkey.usage.UsageConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps uses whose answers leave before anybody else has them, until they are in the usage stream, or in PostgreSQL. */
@Singleton
public class Journal {

    private static final Logger LOG = Logger.getLogger(Journal.class);

    private final JournalConfig config;
    private final Meter meter;
    private final UsageConfig usage;
    private final MeterRegistry metrics;
    private volatile @Nullable OpenJournal open;

    Journal(JournalConfig config, Meter meter, UsageConfig usage, MeterRegistry metrics) {
        this.config = config;
        this.meter = meter;
        this.usage = usage;
        this.metrics = metrics;
    }

    @PostConstruct
    void open() {
        if (config.directory().isEmpty()) {
            LOG.info("There is no journal: latchkey.journal.directory is not set. Every decision goes to Redis");
            return;
        }
        var root = config.directory().get();
        try {
            open = OpenJournal.open(
                    root, config.size().asLongValue(), meter::tryRecord, youngerThan(usage.rememberChunks()), metrics);
            LOG.infof("The journal is in %s", root);
        } catch (IOException | RuntimeException e) {
            LOG.errorf("There is no journal, and every decision goes to Redis: %s cannot be used (%s)", root, e);
        }
    }

    // A chunk that was counted is known for that long from then on, at the least; a seventh of it is left for its way.
    private static Duration youngerThan(Duration remembered) {
        return remembered.dividedBy(7).multipliedBy(6);
    }

    /** Whether uses can be written: a directory is configured, and its files could be made and locked. */
    public boolean isOpen() {
        return open != null;
    }

    /**
     * A new writer, for the calling thread alone and all its life.
     *
     * @throws IllegalStateException if the journal is not open
     */
    public JournalWriter writer() {
        var journal = open;
        if (journal == null) {
            throw new IllegalStateException("There is no journal");
        }
        return journal.writer();
    }

    @Scheduled(every = "1m", identity = "journal-leftovers", concurrentExecution = ConcurrentExecution.SKIP)
    void recover() {
        var journal = open;
        if (journal != null) {
            journal.recover();
        }
    }

    // Requests have been answered by then; one that comes later finds no room.
    void stop(@Observes ShutdownEvent event) {
        var journal = open;
        open = null;
        if (journal != null) {
            journal.close();
        }
    }
}
