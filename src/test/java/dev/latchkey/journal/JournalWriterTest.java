package dev.latchkey.journal;

import static dev.latchkey.journal.SampleJournal.use;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is appended is shipped once and unchanged; what is not taken is told. */
class JournalWriterTest {

    private final ShippedChunks shipped = new ShippedChunks();

    @TempDir
    Path root;

    @Property(tries = 40)
    void whatIsReadBackIsWhatWasAppendedWhereverItIsCut(@ForAll long seed) throws IOException {
        var random = new Random(seed);
        var folder = Files.createTempDirectory("latchkey-journal-");
        var place = new ShippedChunks();
        var journal = new SampleJournal(folder, 3, place);
        var writer = journal.writer();
        var appended = new ArrayList<Use>();
        for (var i = 0; i < 4000; i++) {
            var use = SampleJournal.random(random, i);
            if (writer.append(use)) {
                appended.add(use);
            }
            place.away(random.nextInt(5) == 0);
            if (random.nextInt(1 + random.nextInt(200)) == 0) {
                journal.shipper.ship();
            }
        }
        place.away(false);
        assertTrue(journal.shipper.ship());
        assertEquals(appended, sorted(place.uses()));
        assertEquals(place.chunks().size(), ids(place.chunks()));
        assertEquals(0, journal.shipper.unshipped());
        delete(folder);
    }

    @Test
    void withoutRoomNothingIsTakenAndNothingLostAndAfterShippingThereIsRoomAgain() throws IOException {
        var journal = new SampleJournal(root, 2, shipped);
        var writer = journal.writer();
        shipped.away(true);
        var taken = 0;
        while (writer.append(use(taken))) {
            taken++;
            if (taken % 5000 == 0) {
                assertFalse(journal.shipper.ship());
                journal.pool.refill();
            }
        }
        assertFalse(writer.append(use(taken)));
        assertFalse(journal.shipper.ship());
        assertEquals(taken, journal.shipper.unshipped());
        assertEquals(0, shipped.chunks().size());
        shipped.away(false);
        for (var round = 0; round < 3; round++) {
            assertTrue(journal.shipper.ship());
            for (var i = 0; i < taken / 2; i++) {
                assertTrue(writer.append(use(taken * (round + 1) + i)));
            }
        }
        assertTrue(journal.shipper.ship());
        assertEquals(taken + 3 * (taken / 2), distinct(shipped.uses()));
        assertEquals(taken + 3 * (taken / 2), shipped.uses().size());
        assertEquals(2, journal.folder.files().size(), "segments are used again");
    }

    @Test
    void writersAndTheShipperDoNotGetInEachOthersWay() throws Exception {
        var journal = new SampleJournal(root, 8, shipped);
        var each = 150_000;
        var isDone = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var shipping = threads.submit(() -> {
                while (!isDone.get()) {
                    journal.shipper.ship();
                    journal.pool.refill();
                }
                return journal.shipper.ship();
            });
            var writers = IntStream.range(0, 3)
                    .<Callable<Integer>>mapToObj(i -> () -> appendAll(journal.writer(), i * each, each))
                    .toList();
            for (var writer : threads.invokeAll(writers)) {
                writer.get();
            }
            isDone.set(true);
            assertTrue(shipping.get());
        }
        assertEquals(3 * each, shipped.uses().size());
        assertEquals(3 * each, distinct(shipped.uses()));
        assertEquals(shipped.chunks().size(), ids(shipped.chunks()));
        assertEquals(3 * each, (int) journal.metrics.counter("uses").count());
    }

    @Test
    void aUseThatFitsInNoBlockIsNotTakenAndDoesNotDisturbTheOthers() throws IOException {
        var journal = new SampleJournal(root, 2, shipped);
        var writer = journal.writer();
        var giant = SampleJournal.random(new Random(1), 0).withStatus(200);
        var tooLarge = new Use(
                0,
                giant.tenantId(),
                giant.credentialId(),
                "x".repeat(70_000),
                giant.userId(),
                "GET",
                "/",
                200,
                0,
                List.of(),
                List.of(),
                giant.creditAccount(),
                0);
        for (var i = 0; i < 100; i++) {
            assertTrue(writer.append(use(2 * i)));
            assertFalse(writer.append(tooLarge));
            assertFalse(writer.append(tooLarge));
            assertTrue(writer.append(use(2 * i + 1)));
        }
        assertTrue(journal.shipper.ship());
        assertEquals(IntStream.range(0, 200).mapToObj(SampleJournal::use).toList(), shipped.uses());
    }

    @Test
    void aUseThatDoesNotTellItsStatusIsRefused() throws IOException {
        var writer = new SampleJournal(root, 2, shipped).writer();
        assertThrows(IllegalArgumentException.class, () -> writer.append(use(1).withStatus(Use.UNDECIDED)));
    }

    @Test
    void theFilesAreForTheirOwnerAlone() throws IOException {
        var journal = new SampleJournal(root, 2, shipped);
        assertEquals("rwx------", permissions(journal.folder.path()));
        assertEquals("rw-------", permissions(journal.folder.path().resolve(JournalFolder.LOCK)));
        for (var file : journal.folder.files()) {
            assertEquals("rw-------", permissions(file));
        }
    }

    private static int appendAll(JournalWriter writer, int from, int count) {
        for (var i = 0; i < count; i++) {
            while (!writer.append(use(from + i))) {
                Thread.onSpinWait();
            }
        }
        return count;
    }

    // As they were appended: a chunk that failed comes behind later ones.
    private static List<Use> sorted(List<Use> uses) {
        return uses.stream().sorted(Comparator.comparing(Use::latencyMicros)).toList();
    }

    private static int distinct(List<Use> uses) {
        return uses.stream().map(Use::latencyMicros).collect(toSet()).size();
    }

    private static int ids(List<Chunk> chunks) {
        return chunks.stream().map(Chunk::id).collect(toSet()).size();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
