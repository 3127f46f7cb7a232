package dev.latchkey.journal;

import dev.latchkey.chunk.ChunkCodec;

/**
 * The state of a block in one word, so that it changes at once: the checksum of its bytes (32 bits), its mark (4), how many uses it has (10), how many
 * bytes (18). Two marks differ in two bits: one that flips does not make an open block a shipped one.
 */
final class BlockWord {

    static final int OPEN = 0b0011;
    static final int SEALED = 0b0101;
    static final int SHIPPED = 0b0110;

    static final int COUNT_MAX = (1 << 10) - 1;

    private static final int LENGTH_BITS = 18;
    private static final int COUNT_BITS = 10;
    private static final int MARK_BITS = 4;
    private static final int MARK_AT = LENGTH_BITS + COUNT_BITS;
    private static final long MARK_MASK = (1L << MARK_BITS) - 1 << MARK_AT;

    private BlockWord() {}

    static long open(int count, int length, long checksum) {
        return checksum << Integer.SIZE | (long) OPEN << MARK_AT | (long) count << LENGTH_BITS | length;
    }

    static long as(int mark, long word) {
        return word & ~MARK_MASK | (long) mark << MARK_AT;
    }

    static int mark(long word) {
        return (int) ((word & MARK_MASK) >>> MARK_AT);
    }

    static int count(long word) {
        return (int) (word >>> LENGTH_BITS) & COUNT_MAX;
    }

    static int length(long word) {
        return (int) word & (1 << LENGTH_BITS) - 1;
    }

    static long checksum(long word) {
        return word >>> Integer.SIZE;
    }

    static boolean isValid(long word) {
        var mark = mark(word);
        return (mark == OPEN || mark == SEALED || mark == SHIPPED) && length(word) >= ChunkCodec.HEADER_SIZE;
    }

    /** Whether the block has uses that are not known to be safe elsewhere. */
    static boolean isUnshipped(long word) {
        return mark(word) != SHIPPED && count(word) > 0;
    }
}
