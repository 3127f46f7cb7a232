package dev.latchkey.journal;

import dev.latchkey.chunk.ChunkCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What was not shipped of the segment of another process. Trusts nothing that it reads.
 *
 * @param chunks the bytes of each, as they were written
 * @param isDamaged whether there may have been more
 */
record Remains(List<byte[]> chunks, boolean isDamaged) {

    static Remains read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new Reader(in.readNBytes(Layout.SEGMENT_SIZE)).read();
        }
    }

    private static final class Reader {

        private final byte[] bytes;
        private final ByteBuffer words;
        private final List<byte[]> chunks = new ArrayList<>();
        private boolean damaged;

        private Reader(byte[] bytes) {
            this.bytes = bytes;
            this.words = ByteBuffer.wrap(bytes);
        }

        private Remains read() {
            var end = end();
            var block = Layout.FIRST_BLOCK;
            var before = Layout.NO_BLOCK;
            while (block <= end && isBlock(block)) {
                var word = words.getLong(block);
                if (BlockWord.isUnshipped(word)) {
                    add(block, word);
                }
                before = block;
                block = Layout.next(block, word);
            }
            return new Remains(chunks, damaged || before != end);
        }

        // Without it all blocks are looked at that still look like some.
        private int end() {
            if (bytes.length < Layout.FIRST_BLOCK || words.getLong(0) != Layout.MAGIC) {
                damaged = true;
                return bytes.length;
            }
            var last = words.getLong(Layout.LAST_AT);
            damaged = !Layout.isValidLast(last);
            return damaged ? bytes.length : Layout.block(last);
        }

        private boolean isBlock(int block) {
            if (Layout.chunkOf(block) > bytes.length) {
                return false;
            }
            var word = words.getLong(block);
            return BlockWord.isValid(word) && Layout.chunkOf(block) + BlockWord.length(word) <= bytes.length;
        }

        private void add(int block, long word) {
            var chunk = new byte[BlockWord.length(word)];
            words.get(Layout.chunkOf(block), chunk);
            var checksum = new CRC32C();
            checksum.update(chunk);
            if (checksum.getValue() == BlockWord.checksum(word)) {
                chunks.add(ChunkCodec.withCount(chunk, BlockWord.count(word)));
            } else {
                damaged = true;
            }
        }
    }
}
