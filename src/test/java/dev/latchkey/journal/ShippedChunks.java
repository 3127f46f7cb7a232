package dev.latchkey.journal;

import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.ChunkCodec;
import dev.latchkey.chunk.Use;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Where a journal under test ships to: keeps what comes, or is away. */
final class ShippedChunks implements Function<byte[], Uni<Void>> {

    private final List<Chunk> chunks = new CopyOnWriteArrayList<>();
    private volatile boolean away;

    @Override
    public Uni<Void> apply(byte[] bytes) {
        if (away) {
            return Uni.createFrom().failure(new IllegalStateException("away"));
        }
        chunks.add(ChunkCodec.decode(bytes));
        return Uni.createFrom().voidItem();
    }

    void away(boolean isAway) {
        away = isAway;
    }

    List<Chunk> chunks() {
        return chunks;
    }

    /** Those of the chunks in the order in which they came. */
    List<Use> uses() {
        var uses = new ArrayList<Use>();
        chunks.forEach(chunk -> uses.addAll(chunk.uses()));
        return uses;
    }
}
