package dev.latchkey.journal;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.ChunkCodec;
import dev.latchkey.chunk.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: one is killed while it writes and ships, two look for the same leftovers. */
class KilledJournalTest {

    private static final int MILLIS_UNTIL_KILLED_MAX = 700;

    @TempDir
    Path folder;

    @RepeatedTest(6)
    void whatAKilledProcessHadAppendedIsShippedOnce() throws Exception {
        var told = killedWhileWriting("shipping");
        var before = shippedBefore();
        var after = recovered();
        assertEachOnce(told, Stream.concat(before.stream(), after.stream()).toList());
    }

    @RepeatedTest(3)
    void whatAKilledProcessCouldShipNowhereIsShippedOnce() throws Exception {
        var told = killedWhileWriting("away");
        assertEachOnce(told, recovered());
    }

    @Test
    void twoProcessesThatFindTheSameLeftoversShipEachOnce() throws Exception {
        var ids = new ArrayList<String>();
        for (var i = 0; i < 40; i++) {
            var journal = new SampleJournal(root(), 2, new ShippedChunks());
            assertTrue(journal.writer().append(SampleJournal.use(i)));
            Remains.read(journal.abandon().resolve("000001.segment"))
                    .chunks()
                    .forEach(chunk -> ids.add(ChunkCodec.decode(chunk).id().toString()));
        }
        var go = folder.resolve("go");
        var one = start("recover", go);
        var other = start("recover", go);
        assertEquals("ready", one.inputReader().readLine());
        assertEquals("ready", other.inputReader().readLine());
        Files.createFile(go);
        var shipped = new ArrayList<>(one.inputReader().readAllLines());
        shipped.addAll(other.inputReader().readAllLines());
        assertEquals(ids.stream().sorted().toList(), shipped.stream().sorted().toList());
        assertEquals(0, names(root()));
    }

    /** The numbers that it told. */
    private HashSet<Integer> killedWhileWriting(String mode) throws Exception {
        var process = start(mode, folder.resolve("shipped"));
        var told = new HashSet<Integer>();
        try (var reading = Executors.newSingleThreadExecutor()) {
            var first = process.inputReader().readLine();
            var rest = reading.submit(
                    () -> process.inputReader().lines().map(Integer::valueOf).collect(toSet()));
            Thread.sleep(new Random().nextInt(MILLIS_UNTIL_KILLED_MAX));
            // Its own method would close the pipe before the last lines are read.
            assertTrue(process.toHandle().destroyForcibly());
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            told.add(Integer.valueOf(first));
            told.addAll(rest.get());
        }
        return told;
    }

    private Process start(String mode, Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JournalProgram.class.getName(),
                        mode,
                        root().toString(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    // The last line may have been cut off: then nobody was told that it is safe.
    private List<Chunk> shippedBefore() throws IOException {
        var file = folder.resolve("shipped");
        var text = Files.exists(file) ? Files.readString(file) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> ChunkCodec.decode(HexFormat.of().parseHex(line)))
                .toList();
    }

    private List<Chunk> recovered() throws IOException {
        var shipped = new ShippedChunks();
        SampleJournal.recover(root(), shipped, SampleJournal.YOUNG);
        assertEquals(0, names(root()), "nothing is set aside");
        return shipped.chunks();
    }

    // As usage_chunks does: a chunk whose id is known is not counted again.
    private static void assertEachOnce(HashSet<Integer> told, List<Chunk> chunks) {
        var counted = chunks.stream().collect(toMap(Chunk::id, Chunk::uses, (one, same) -> {
            assertEquals(one, same);
            return one;
        }));
        var numbers = counted.values().stream()
                .flatMap(List::stream)
                .map(Use::latencyMicros)
                .map(Long::intValue)
                .toList();
        assertEquals(numbers.size(), new HashSet<>(numbers).size(), "none twice");
        assertTrue(new HashSet<>(numbers).containsAll(told), "none is missing");
    }

    private Path root() {
        return folder.resolve("journal");
    }

    private static int names(Path path) throws IOException {
        try (var files = Files.list(path)) {
            return files.toList().size();
        }
    }
}
