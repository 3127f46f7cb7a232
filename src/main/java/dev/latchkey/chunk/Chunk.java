package dev.latchkey.chunk;

import dev.latchkey.platform.id.Uuid7;
import java.util.List;
import java.util.UUID;

/**
 * Uses that travel together.
 *
 * @param id made before the first try to record it: a chunk that comes twice is counted once
 */
public record Chunk(UUID id, List<Use> uses) {

    /** @throws IllegalArgumentException if there is no use in it */
    public Chunk {
        if (uses.isEmpty()) {
            throw new IllegalArgumentException("A chunk has at least one use");
        }
        uses = List.copyOf(uses);
    }

    public static Chunk of(List<Use> uses) {
        return new Chunk(Uuid7.next(), uses);
    }
}
