package dev.latchkey.chunk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Writes one chunk: see {@link ChunkCodec}. */
final class ChunkWriter {

    private static final int USE_SIZE_EXPECTED = 80;

    private final Map<String, Integer> words = new HashMap<>();
    private final Map<UUID, Integer> ids = new HashMap<>();
    private byte[] bytes = new byte[0];
    private int size;

    byte[] write(Chunk chunk) {
        bytes = new byte[64 + chunk.uses().size() * USE_SIZE_EXPECTED];
        put(ChunkCodec.VERSION);
        putLong(chunk.id().getMostSignificantBits());
        putLong(chunk.id().getLeastSignificantBits());
        number(chunk.uses().size());
        var before = 0L;
        for (var use : chunk.uses()) {
            use(use, before);
            before = use.atMicros();
        }
        return Arrays.copyOf(bytes, size);
    }

    private void use(Use use, long before) {
        signed(use.atMicros() - before);
        id(use.tenantId());
        id(use.credentialId());
        word(use.kind());
        optional(use.userId());
        word(use.method());
        word(use.endpoint());
        number(use.status());
        number(use.latencyMicros());
        words(use.scopes());
        words(use.tags());
        optional(use.creditAccount());
        number(use.credits());
        words(use.policies());
        words(use.shadowPolicies());
    }

    private void optional(Optional<UUID> id) {
        put((byte) (id.isPresent() ? 1 : 0));
        if (id.isPresent()) {
            id(id.get());
        }
    }

    private void id(UUID id) {
        var known = ids.putIfAbsent(id, ids.size() + 1);
        number(known == null ? 0 : known);
        if (known == null) {
            putLong(id.getMostSignificantBits());
            putLong(id.getLeastSignificantBits());
        }
    }

    private void words(List<String> list) {
        number(list.size());
        for (var word : list) {
            word(word);
        }
    }

    private void word(String word) {
        var known = words.putIfAbsent(word, words.size() + 1);
        number(known == null ? 0 : known);
        if (known == null) {
            var text = word.getBytes(UTF_8);
            number(text.length);
            reserve(text.length);
            System.arraycopy(text, 0, bytes, size, text.length);
            size += text.length;
        }
    }

    // Small differences in both directions are small numbers.
    private void signed(long value) {
        number(value << 1 ^ value >> 63);
    }

    private void number(long value) {
        var rest = value;
        while ((rest & ~0x7FL) != 0) {
            put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        put((byte) rest);
    }

    private void putLong(long value) {
        for (var shift = 56; shift >= 0; shift -= 8) {
            put((byte) (value >>> shift));
        }
    }

    private void put(byte value) {
        reserve(1);
        bytes[size++] = value;
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
