package dev.latchkey.journal;

import static dev.latchkey.journal.SampleJournal.YOUNG;
import static dev.latchkey.journal.SampleJournal.use;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.ChunkCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process left is shipped once, by whoever comes; what is broken is set aside, and stops nothing. */
class LeftoversTest {

    private final ShippedChunks shipped = new ShippedChunks();

    @TempDir
    Path root;

    private Path left = Path.of("");
    private Path segment = Path.of("");

    /** A segment with three blocks, of which the last is open. */
    @BeforeEach
    void leaveSomething() throws IOException {
        var journal = new SampleJournal(root, 2, shipped);
        var writer = journal.writer();
        shipped.away(true);
        for (var i = 0; i < 9; i++) {
            assertTrue(writer.append(use(i)));
            if (i % 3 == 2 && i < 8) {
                journal.shipper.ship();
            }
        }
        shipped.away(false);
        left = journal.abandon();
        segment = left.resolve("000001.segment");
    }

    @Test
    void whatAProcessLeftIsShippedUnderItsIdsAndRemoved() throws IOException {
        var ids = remains(Files.readAllBytes(segment)).stream().map(Chunk::id).toList();
        recover(YOUNG);
        assertEquals(ids, shipped.chunks().stream().map(Chunk::id).toList());
        assertEquals(IntStream.range(0, 9).mapToObj(SampleJournal::use).toList(), shipped.uses());
        assertEquals(List.of(), names(root));
    }

    @Test
    void whatCannotBeShippedYetStaysAsItIs() throws IOException {
        shipped.away(true);
        recover(YOUNG);
        recover(YOUNG);
        assertTrue(Files.exists(segment));
        shipped.away(false);
        recover(YOUNG);
        assertEquals(9, shipped.uses().size());
        assertFalse(Files.exists(left));
    }

    @Test
    void whatWasShippedBeforeIsNotShippedAgain() throws IOException {
        var journal = new SampleJournal(root, 2, shipped);
        var writer = journal.writer();
        assertTrue(writer.append(use(100)));
        assertTrue(journal.shipper.ship());
        assertTrue(writer.append(use(101)));
        journal.abandon();
        recover(YOUNG);
        assertEquals(11, shipped.uses().size());
    }

    @Test
    void theFolderOfAProcessThatLivesIsLeftAlone() throws IOException {
        recover(YOUNG);
        var living = new SampleJournal(root, 2, shipped);
        assertTrue(living.writer().append(use(50)));
        recover(YOUNG);
        assertEquals(9, shipped.uses().size());
        assertTrue(Files.exists(living.folder.path()));
    }

    @Test
    void whatIsTooOldToBeCountedForSureOnceIsSetAside() throws IOException {
        recover(Duration.ofHours(-1));
        assertEquals(List.of(), shipped.chunks());
        assertEquals(List.of("aside"), names(root));
        assertEquals(List.of(left.getFileName() + "-000001.segment.old"), names(root.resolve("aside")));
    }

    @Test
    void whateverBitIsFlippedWhatIsShippedIsWhatWasWrittenAndOtherwiseTheFileIsKept() throws IOException {
        var whole = used();
        var chunks = remains(whole);
        assertEquals(3, chunks.size());
        for (var bit = 0; bit < whole.length * 8; bit++) {
            var broken = whole.clone();
            broken[bit / 8] ^= (byte) (1 << bit % 8);
            assertNothingIsForgedOrForgotten(chunks, broken, "bit " + bit);
        }
    }

    @Test
    void whereverTheFileIsCutOffWhatIsShippedIsWhatWasWrittenAndOtherwiseTheFileIsKept() throws IOException {
        var whole = used();
        var chunks = remains(whole);
        for (var length = 0; length < whole.length; length++) {
            assertNothingIsForgedOrForgotten(chunks, Arrays.copyOf(whole, length), "length " + length);
        }
    }

    @Test
    void aChunkThatIsBrokenDoesNotKeepTheOthersBack() throws IOException {
        var broken = used();
        broken[Layout.FIRST_BLOCK + 60] ^= 1;
        Files.write(segment, broken);
        recover(YOUNG);
        assertEquals(IntStream.range(3, 9).mapToObj(SampleJournal::use).toList(), shipped.uses());
        assertEquals(List.of(left.getFileName() + "-000001.segment.corrupt"), names(root.resolve("aside")));
        assertFalse(Files.exists(left));
    }

    @Test
    void garbageOfAnySizeIsSetAsideAndWhatLiesBesideItShipped() throws IOException {
        var random = new Random(1);
        for (var size : new int[] {0, 1, 15, 16, 17, 1000, Layout.SEGMENT_SIZE, 2 * Layout.SEGMENT_SIZE}) {
            var garbage = new byte[size];
            random.nextBytes(garbage);
            Files.write(left.resolve("garbage-" + size + ".segment"), garbage);
        }
        Files.write(left.resolve("unknown"), new byte[1]);
        Files.write(left.resolve("000003.new"), new byte[1]);
        Files.createDirectory(left.resolve("folder.segment"));
        recover(YOUNG);
        assertEquals(9, shipped.uses().size());
        assertFalse(Files.exists(left));
        assertEquals(10, names(root.resolve("aside")).size());
        recover(YOUNG);
        assertEquals(9, shipped.uses().size());
    }

    @Test
    void whatLooksLikeABlockBehindTheLastOneIsNone() throws IOException {
        var used = used();
        var forged = Arrays.copyOf(used, Layout.SEGMENT_SIZE);
        var behind = (used.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        var first = Layout.FIRST_BLOCK;
        System.arraycopy(
                used,
                first,
                forged,
                behind,
                Layout.next(first, ByteBuffer.wrap(used).getLong(first)) - first);
        Files.write(segment, forged);
        recover(YOUNG);
        assertEquals(3, shipped.chunks().size());
        assertEquals(List.of(), names(root));
    }

    @Test
    void aChunkThatIsNoneThoughItsChecksumIsRightIsSetAside() throws IOException {
        var whole = used();
        var first = Layout.FIRST_BLOCK;
        var word = ByteBuffer.wrap(whole).getLong(first);
        // One use more than there is: the checksum does not cover the word.
        ByteBuffer.wrap(whole).putLong(first, word + (1L << 18));
        Files.write(segment, whole);
        recover(YOUNG);
        assertEquals(6, shipped.uses().size());
        assertEquals(List.of(left.getFileName() + "-000001.segment.corrupt"), names(root.resolve("aside")));
    }

    /** The bytes of the segment up to the end of its last block. */
    private byte[] used() throws IOException {
        var bytes = Files.readAllBytes(segment);
        var words = ByteBuffer.wrap(bytes);
        var last = Layout.block(words.getLong(Layout.LAST_AT));
        return Arrays.copyOf(bytes, Layout.chunkOf(last) + BlockWord.length(words.getLong(last)));
    }

    private void assertNothingIsForgedOrForgotten(List<Chunk> written, byte[] broken, String what) throws IOException {
        Files.write(segment, broken);
        var remains = Remains.read(segment);
        var read = remains.chunks().stream().flatMap(LeftoversTest::decode).toList();
        assertTrue(written.containsAll(read), what);
        assertTrue(
                read.size() == written.size()
                        || remains.isDamaged()
                        || remains.chunks().size() > read.size(),
                what);
    }

    private static Stream<Chunk> decode(byte[] bytes) {
        try {
            return Stream.of(ChunkCodec.decode(bytes));
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }

    private List<Chunk> remains(byte[] bytes) throws IOException {
        Files.write(segment, bytes);
        return Remains.read(segment).chunks().stream().map(ChunkCodec::decode).toList();
    }

    private void recover(Duration youngerThan) {
        SampleJournal.recover(root, shipped, youngerThan);
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
