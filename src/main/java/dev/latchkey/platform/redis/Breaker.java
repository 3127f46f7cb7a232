package dev.latchkey.platform.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Closed while calls succeed. A failure opens it, and so does the third doubt in a row, as a single late answer may be one lost
 * packet. While open it admits one call in each pause, and the first success closes it.
 */
final class Breaker {

    private static final long CLOSED = 0;
    private static final int DOUBTS_THAT_OPEN = 3;

    private final long pauseNanos;
    private final LongSupplier nanos;
    private final AtomicLong nextProbe = new AtomicLong(CLOSED);
    private final AtomicInteger doubts = new AtomicInteger();

    Breaker(Duration pause, LongSupplier nanos) {
        this.pauseNanos = pause.toNanos();
        this.nanos = nanos;
    }

    /** Whether a call may try. While open, true for one caller in each pause: moving the time on is what makes it the one. */
    boolean admits() {
        var next = nextProbe.get();
        if (next == CLOSED) {
            return true;
        }
        return nanos.getAsLong() - next >= 0 && nextProbe.compareAndSet(next, afterPause());
    }

    boolean isOpen() {
        return nextProbe.get() != CLOSED;
    }

    /** @return whether it was open until now */
    boolean succeeded() {
        if (doubts.get() != 0) {
            doubts.set(0);
        }
        return nextProbe.get() != CLOSED && nextProbe.getAndSet(CLOSED) != CLOSED;
    }

    /** @return whether it was closed until now */
    boolean failed() {
        return nextProbe.getAndSet(afterPause()) == CLOSED;
    }

    /** A call that neither succeeded nor failed for certain. */
    boolean doubted() {
        return (doubts.incrementAndGet() >= DOUBTS_THAT_OPEN || isOpen()) && failed();
    }

    private long afterPause() {
        var time = nanos.getAsLong() + pauseNanos;
        return time == CLOSED ? time + 1 : time;
    }
}
