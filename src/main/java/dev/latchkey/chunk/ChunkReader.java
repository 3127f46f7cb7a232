package dev.latchkey.chunk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads one chunk: see {@link ChunkCodec}. Trusts nothing that it reads. */
final class ChunkReader {

    // Each field takes at least a byte.
    private static final int USE_SIZE_MIN = 15;

    private final ByteBuffer bytes;
    private final List<String> words = new ArrayList<>();
    private final List<UUID> ids = new ArrayList<>();

    ChunkReader(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    Chunk read() {
        var version = bytes.get();
        if (version != ChunkCodec.VERSION) {
            throw new IllegalArgumentException("a chunk of version " + version + " is not known");
        }
        var id = uuid();
        var count = atMost(bytes.getInt(), USE_SIZE_MIN);
        var uses = new ArrayList<Use>(count);
        var before = 0L;
        for (var i = 0; i < count; i++) {
            var use = use(before);
            uses.add(use);
            before = use.atMicros();
        }
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException("the chunk goes on behind its end");
        }
        return new Chunk(id, uses);
    }

    private Use use(long before) {
        return new Use(
                before + signed(),
                id(),
                id(),
                word(),
                optional(),
                word(),
                word(),
                status(),
                number(),
                words(),
                words(),
                optional(),
                number(),
                words(),
                words());
    }

    private int status() {
        var status = number();
        if (status < 0 || status > 599) {
            throw new IllegalArgumentException("there is no such status");
        }
        return (int) status;
    }

    private Optional<UUID> optional() {
        return switch (bytes.get()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(id());
            default -> throw new IllegalArgumentException("something is there or not");
        };
    }

    private UUID id() {
        var known = known(ids.size());
        if (known > 0) {
            return ids.get(known - 1);
        }
        ids.add(uuid());
        return ids.getLast();
    }

    private UUID uuid() {
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    private List<String> words() {
        var count = count(1);
        if (count == 0) {
            return List.of();
        }
        var list = new ArrayList<String>(count);
        for (var i = 0; i < count; i++) {
            list.add(word());
        }
        return list;
    }

    private String word() {
        var known = known(words.size());
        if (known > 0) {
            return words.get(known - 1);
        }
        var text = new byte[count(1)];
        bytes.get(text);
        words.add(new String(text, UTF_8));
        return words.getLast();
    }

    private int known(int size) {
        var place = number();
        if (place < 0 || place > size) {
            throw new IllegalArgumentException("nothing was written out at " + place);
        }
        return (int) place;
    }

    /** How many things follow, of which each takes at least so many bytes. */
    private int count(int sizeMin) {
        return atMost(number(), sizeMin);
    }

    private int atMost(long count, int sizeMin) {
        if (count < 0 || count > bytes.remaining() / sizeMin) {
            throw new IllegalArgumentException("the chunk ends too early");
        }
        return (int) count;
    }

    private long signed() {
        var value = number();
        return value >>> 1 ^ -(value & 1);
    }

    private long number() {
        var value = 0L;
        for (var shift = 0; shift < 64; shift += 7) {
            var next = bytes.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }
}
