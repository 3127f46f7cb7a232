package dev.latchkey.journal;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.latchkey.chunk.ChunkCodec;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** One file of the journal in memory. One thread writes to it, another one ships from it; neither waits for the other. See {@link Layout}. */
final class Segment {

    static final String END = ".segment";
    static final String DRAFT_END = ".new";

    private static final VarHandle WORDS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final Path file;
    private final ByteBuffer bytes;

    private Segment(Path file, ByteBuffer bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Makes an empty one. All of it is on the disk, or it is not made: a store into a mapped file must never find the disk full. */
    static Segment create(Path folder, String name) throws IOException {
        var draft = folder.resolve(name + DRAFT_END);
        var forOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(draft, Set.of(CREATE_NEW, READ, WRITE), forOwner)) {
            var empty = ByteBuffer.allocate(Layout.SEGMENT_SIZE)
                    .putLong(0, Layout.MAGIC)
                    .putLong(Layout.LAST_AT, Layout.last(Layout.NO_BLOCK));
            while (empty.hasRemaining()) {
                channel.write(empty);
            }
            var bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, Layout.SEGMENT_SIZE);
            var file = folder.resolve(name + END);
            Files.move(draft, file);
            return new Segment(file, bytes);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
    }

    Path file() {
        return file;
    }

    long last() {
        return word(Layout.LAST_AT);
    }

    /** The word of a block. */
    long word(int at) {
        return (long) WORDS.getAcquire(bytes, at);
    }

    boolean replace(int at, long expected, long word) {
        return WORDS.compareAndSet(bytes, at, expected, word);
    }

    void set(int at, long word) {
        WORDS.setRelease(bytes, at, word);
    }

    /** Writes bytes of a chunk; they count when a word says so. */
    void write(int at, byte[] from, int offset, int length) {
        bytes.put(at, from, offset, length);
    }

    /** No block may follow from now on. */
    void close() {
        var last = last();
        while (!Layout.isClosed(last) && !replace(Layout.LAST_AT, last, Layout.closed(last))) {
            last = last();
        }
    }

    /** Forgets all blocks: the segment is as new. */
    void clear() {
        set(Layout.LAST_AT, Layout.last(Layout.NO_BLOCK));
    }

    /** The chunk of a sealed block. */
    byte[] chunk(int block, long word) {
        var chunk = new byte[BlockWord.length(word)];
        bytes.get(Layout.chunkOf(block), chunk);
        return ChunkCodec.withCount(chunk, BlockWord.count(word));
    }
}
