package dev.latchkey.platform.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Closed while calls succeed. A failure opens it; in each pause it then admits one call, and the first success closes it. */
final class Breaker {

    private static final long CLOSED = 0;

    private final long pauseNanos;
    private final LongSupplier nanos;
    private final AtomicLong nextProbe = new AtomicLong(CLOSED);

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
        return nextProbe.get() != CLOSED && nextProbe.getAndSet(CLOSED) != CLOSED;
    }

    /** @return whether it was closed until now */
    boolean failed() {
        return nextProbe.getAndSet(afterPause()) == CLOSED;
    }

    private long afterPause() {
        var time = nanos.getAsLong() + pauseNanos;
        return time == CLOSED ? time + 1 : time;
    }
}
