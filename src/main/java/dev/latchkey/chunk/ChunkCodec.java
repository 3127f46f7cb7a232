package dev.latchkey.chunk;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The binary form of a chunk, about 60 bytes a use: a version byte, the id, the number of uses in four bytes, and each use field by field. Numbers are
 * varints (seven bits a byte, the lowest first); times are told as the difference to the use before. A word or UUID is written out where it
 * first occurs, and is a number from then on: 0 announces a new one, n is the nth that was written out. Replicas of two versions read each
 * other's chunks during a rollout: a change of the form is a new version, and is read for a release before it is written.
 */
public final class ChunkCodec {

    static final byte VERSION = 1;

    /** The size of a chunk that has no use yet. */
    public static final int HEADER_SIZE = 1 + 2 * Long.BYTES + Integer.BYTES;

    private static final int COUNT_AT = HEADER_SIZE - Integer.BYTES;

    private ChunkCodec() {}

    public static byte[] encode(Chunk chunk) {
        var writer = new ChunkWriter();
        writer.begin(chunk.id());
        chunk.uses().forEach(writer::add);
        return writer.toBytes();
    }

    /** Writes the number of uses into what {@link ChunkWriter#bytes} was, which is then a chunk. */
    public static byte[] withCount(byte[] bytes, int count) {
        ByteBuffer.wrap(bytes).putInt(COUNT_AT, count);
        return bytes;
    }

    /** The number of uses that the chunk says it has. */
    public static int count(byte[] chunk) {
        return ByteBuffer.wrap(chunk).getInt(COUNT_AT);
    }

    /** @throws IllegalArgumentException if the bytes are no chunk of a version that is known, and nothing else */
    public static Chunk decode(byte[] bytes) {
        try {
            return new ChunkReader(bytes).read();
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the chunk ends too early", e);
        }
    }
}
