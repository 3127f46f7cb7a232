package dev.latchkey.journal;

import dev.latchkey.chunk.ChunkCodec;
import dev.latchkey.chunk.ChunkWriter;
import dev.latchkey.chunk.Use;
import dev.latchkey.platform.id.Uuid7;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes uses into the journal, for one thread. A use is in the journal when the word of its block says so; what ends the process before that loses
 * nothing that was answered.
 */
public final class JournalWriter {

    private static final int USES_MAX = 1000;

    private final SegmentPool pool;
    private final ChunkWriter chunk = new ChunkWriter();
    private final CRC32C checksum = new CRC32C();
    private @Nullable Segment segment;
    private int block = Layout.NO_BLOCK;
    // As this writer left it; another word there says that the block was sealed.
    private long word;

    JournalWriter(SegmentPool pool) {
        this.pool = pool;
    }

    /**
     * Writes the use, which is then shipped, by this process or, should it be killed, by another one. Takes no lock and waits for nothing.
     *
     * @return false if there is no room, because nothing could be shipped for a long time, the journal is closed, or the use takes more than 64 KiB; then it is not written
     * @throws IllegalArgumentException if the use does not tell its status
     */
    public boolean append(Use use) {
        if (use.status() == Use.UNDECIDED) {
            throw new IllegalArgumentException("A use in the journal tells its status");
        }
        return block != Layout.NO_BLOCK && tryAppend(use) || begin() && tryAppend(use);
    }

    private boolean tryAppend(Use use) {
        var to = segment;
        var count = BlockWord.count(word) + 1;
        var from = BlockWord.length(word);
        // What a use that did not get in has left behind belongs to no block.
        if (to == null || count > USES_MAX || chunk.size() != from) {
            return false;
        }
        chunk.add(use);
        var size = chunk.size();
        if (size > Layout.CHUNK_SIZE_MAX) {
            return false;
        }
        to.write(Layout.chunkOf(block) + from, chunk.bytes(), from, size - from);
        checksum.update(chunk.bytes(), from, size - from);
        var next = BlockWord.open(count, size, checksum.getValue());
        if (!to.replace(block, word, next)) {
            return false;
        }
        word = next;
        return true;
    }

    /** Begins a new block, behind the one before or in another segment; false if there is no room. */
    private boolean begin() {
        var at = place();
        var to = segment;
        if (to == null) {
            return false;
        }
        chunk.begin(Uuid7.next());
        checksum.reset();
        checksum.update(chunk.bytes(), 0, ChunkCodec.HEADER_SIZE);
        to.write(Layout.chunkOf(at), chunk.bytes(), 0, ChunkCodec.HEADER_SIZE);
        word = BlockWord.open(0, ChunkCodec.HEADER_SIZE, checksum.getValue());
        to.set(at, word);
        if (!to.replace(Layout.LAST_AT, Layout.last(block), Layout.last(at))) {
            // It was closed meanwhile.
            leave();
            return false;
        }
        block = at;
        return true;
    }

    // Where the next block goes, if there is a segment for it.
    private int place() {
        var current = segment;
        if (current != null && block != Layout.NO_BLOCK) {
            // If this fails, the shipper has done it; neither changes what the writer published.
            current.replace(block, word, BlockWord.as(BlockWord.SEALED, word));
            var next = Layout.next(block, word);
            if (Layout.hasRoom(next)) {
                return next;
            }
            current.close();
        }
        leave();
        segment = pool.take();
        return Layout.FIRST_BLOCK;
    }

    private void leave() {
        segment = null;
        block = Layout.NO_BLOCK;
    }
}
