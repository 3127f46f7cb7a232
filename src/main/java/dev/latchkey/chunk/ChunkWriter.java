package dev.latchkey.chunk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes chunks, one after the other and each use by use: see {@link ChunkCodec}. Its memory serves all of them: a use leaves garbage behind only for
 * what the chunk did not know yet. For one thread.
 */
public final class ChunkWriter {

    private final Map<String, Integer> words = new HashMap<>();
    private final Map<UUID, Integer> ids = new HashMap<>();
    private byte[] bytes = new byte[4096];
    private int size;
    private int count;
    private long before;

    /** Begins a chunk, and forgets the one before. */
    public void begin(UUID id) {
        words.clear();
        ids.clear();
        size = 0;
        count = 0;
        before = 0;
        put(ChunkCodec.VERSION);
        putLong(id.getMostSignificantBits());
        putLong(id.getLeastSignificantBits());
        reserve(Integer.BYTES);
        Arrays.fill(bytes, size, size + Integer.BYTES, (byte) 0);
        size += Integer.BYTES;
    }

    /** Writes a use behind the others; what was written before stays as it is. */
    public void add(Use use) {
        use(use);
        before = use.atMicros();
        count++;
    }

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /** What was written, in the first {@link #size()} bytes, without the count; changed by whatever is written next. */
    public byte[] bytes() {
        return bytes;
    }

    /** The whole chunk. */
    byte[] toBytes() {
        return ChunkCodec.withCount(Arrays.copyOf(bytes, size), count);
    }

    private void use(Use use) {
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
        var known = ids.get(id);
        number(known == null ? 0 : known);
        if (known == null) {
            ids.put(id, ids.size() + 1);
            putLong(id.getMostSignificantBits());
            putLong(id.getLeastSignificantBits());
        }
    }

    private void words(List<String> list) {
        number(list.size());
        for (var i = 0; i < list.size(); i++) {
            word(list.get(i));
        }
    }

    private void word(String word) {
        var known = words.get(word);
        number(known == null ? 0 : known);
        if (known == null) {
            words.put(word, words.size() + 1);
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
