package dev.latchkey.journal;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** The journal of a process in its folder, while it is open. */
final class OpenJournal implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(OpenJournal.class);
    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    private final JournalFolder folder;
    private final SegmentPool pool;
    private final Shipper shipper;
    private final Thread thread;
    private final Leftovers leftovers;

    private OpenJournal(JournalFolder folder, SegmentPool pool, Shipper shipper, Leftovers leftovers) {
        this.folder = folder;
        this.pool = pool;
        this.shipper = shipper;
        this.leftovers = leftovers;
        this.thread = Thread.ofVirtual().name("latchkey-journal").start(shipper::run);
    }

    /**
     * @param size the most bytes that this process keeps
     * @param destination gives a chunk a safe place, or fails
     * @param youngerThan how old a chunk that another process left may be to be shipped
     * @throws IOException if no file can be made and locked there
     */
    static OpenJournal open(
            Path root, long size, Function<byte[], Uni<Void>> destination, Duration youngerThan, MeterRegistry metrics)
            throws IOException {
        var folder = JournalFolder.create(root.toAbsolutePath());
        try {
            var pool =
                    new SegmentPool(folder.path(), (int) Math.clamp(size / Layout.SEGMENT_SIZE, 2, Integer.MAX_VALUE));
            pool.refill();
            var shipper = new Shipper(pool, destination, metrics.counter("latchkey_journal_uses_total"));
            Gauge.builder("latchkey_journal_unshipped", shipper, Shipper::unshipped)
                    .description("Uses in the journal that are in no other place yet")
                    .register(metrics);
            var leftovers = new Leftovers(folder.path(), destination, youngerThan, metrics);
            return new OpenJournal(folder, pool, shipper, leftovers);
        } catch (IOException e) {
            folder.close();
            throw e;
        }
    }

    JournalWriter writer() {
        return new JournalWriter(pool);
    }

    /** Ships what others left. */
    void recover() {
        leftovers.ship();
    }

    /** Ships what it can within 5 seconds, and takes nothing more. What is left is for the next process. */
    @Override
    public void close() {
        shipper.stop();
        try {
            if (!thread.join(END_WITHIN)) {
                LOG.warn("The journal was not shipped in time; what is left is for the next process");
                return;
            }
            if (shipper.unshipped() == 0) {
                for (var file : folder.files()) {
                    Files.delete(file);
                }
                folder.remove();
            }
            folder.close();
        } catch (IOException e) {
            LOG.warnf("The folder of the journal stays: %s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
