package dev.latchkey.journal;

/**
 * How a segment lies in its file: a magic word, the word that names its last block, and blocks one behind the other, each at a multiple of eight. A
 * block is its {@link BlockWord} and the bytes of its chunk, whose count of uses stands in the word alone.
 *
 * <p>The name of the last block is its place, with the lowest bit set if no other may follow, and the complement of both: one that was broken is known.
 * What lies behind the last block means nothing.
 */
final class Layout {

    static final int SEGMENT_SIZE = 1 << 20;
    static final int CHUNK_SIZE_MAX = 1 << 16;
    static final long MAGIC = 0x4C4B4A524E4C3031L;

    static final int LAST_AT = Long.BYTES;
    static final int FIRST_BLOCK = 2 * Long.BYTES;
    static final int NO_BLOCK = 0;

    private static final int CLOSED = 1;

    private Layout() {}

    static long last(int block) {
        return (long) ~block << Integer.SIZE | block;
    }

    static long closed(long last) {
        return last((int) last | CLOSED);
    }

    static boolean isValidLast(long last) {
        var block = block(last);
        return last == last((int) last)
                && (block == NO_BLOCK || block >= FIRST_BLOCK && block < SEGMENT_SIZE && block % Long.BYTES == 0);
    }

    static boolean isClosed(long last) {
        return (last & CLOSED) != 0;
    }

    /** The place of the last block; {@link #NO_BLOCK} in an empty segment. */
    static int block(long last) {
        return (int) last & ~CLOSED;
    }

    /** Where the block behind this one begins. */
    static int next(int block, long word) {
        return block + Long.BYTES + (BlockWord.length(word) + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }

    static int chunkOf(int block) {
        return block + Long.BYTES;
    }

    /** Whether a block of any size may begin there. */
    static boolean hasRoom(int block) {
        return chunkOf(block) + CHUNK_SIZE_MAX <= SEGMENT_SIZE;
    }
}
