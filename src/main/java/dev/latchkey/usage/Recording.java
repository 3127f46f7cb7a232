package dev.latchkey.usage;

import dev.latchkey.chunk.ChunkCodec;
import dev.latchkey.chunk.DecidedChunk;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What {@link Meter} was given to record, and who waits until it is safe. */
sealed interface Recording {

    CompletableFuture<Void> safe();

    int calls();

    static <T extends Recording> List<T> only(Class<T> kind, List<Recording> batch) {
        return batch.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static int calls(List<? extends Recording> batch) {
        return batch.stream().mapToInt(Recording::calls).sum();
    }

    record Event(UsageEvent event, CompletableFuture<Void> safe) implements Recording {
        @Override
        public int calls() {
            return 1;
        }
    }

    record Uses(DecidedChunk chunk, CompletableFuture<Void> safe) implements Recording {
        @Override
        public int calls() {
            return chunk.chunk().uses().size();
        }
    }

    /** A chunk that its owner keeps until it is safe: it may fail, and comes again. */
    record Kept(byte[] bytes, CompletableFuture<Void> safe) implements Recording {
        @Override
        public int calls() {
            return ChunkCodec.count(bytes);
        }

        /** @throws IllegalArgumentException if it is no chunk of uses that tell their status */
        DecidedChunk chunk() {
            return DecidedChunk.of(ChunkCodec.decode(bytes));
        }
    }
}
