package dev.latchkey.platform.id;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Makes UUIDv7 (RFC 9562, section 5.7): the time in milliseconds leads, so that new rows lie together in an index. */
public final class Uuid7 {

    private static final long COUNTER_BITS = 12;
    private static final AtomicLong LAST = new AtomicLong();

    private Uuid7() {}

    /** A new id, greater than each one this process made before. */
    public static UUID next() {
        return at(System.currentTimeMillis());
    }

    /** When an id that {@link #next} made was made; the clock of then. */
    public static Instant timeOf(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    private static UUID at(long millis) {
        // The 12 bits after the version count within a millisecond (RFC 9562, section 6.2, method 1), running ahead of
        // the clock when a millisecond overflows or the clock is set back.
        var ticket = LAST.accumulateAndGet(millis << COUNTER_BITS, (last, now) -> Math.max(last + 1, now));
        var time = ticket >>> COUNTER_BITS;
        var counter = ticket & 0xFFF;
        var random = Holder.RANDOM.next();
        return new UUID(time << 16 | 0x7000 | counter, random & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L);
    }

    // Held apart so that a native image seeds it at run time and not at build time.
    private static final class Holder {
        private static final Randomness RANDOM = new Randomness();
    }

    /** Randomness of the operating system, fetched for many ids at once. */
    private static final class Randomness {

        private final SecureRandom source = new SecureRandom();
        private final byte[] fetched = new byte[2048];
        private final ByteBuffer left = ByteBuffer.wrap(fetched).limit(0);

        synchronized long next() {
            if (!left.hasRemaining()) {
                source.nextBytes(fetched);
                left.clear();
            }
            return left.getLong();
        }
    }
}
