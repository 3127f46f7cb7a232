package dev.latchkey.platform.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private final AtomicLong nanos = new AtomicLong(-1000);
    private final Breaker breaker = new Breaker(Duration.ofNanos(100), nanos::get);

    @Test
    void admitsEveryCallUntilOneFails() {
        assertTrue(breaker.admits());
        assertTrue(breaker.admits());
        assertTrue(breaker.failed());
        assertFalse(breaker.admits());
        assertTrue(breaker.isOpen());
    }

    @Test
    void admitsOneCallInEachPauseWhileOpen() {
        breaker.failed();
        nanos.addAndGet(99);
        assertFalse(breaker.admits());
        nanos.addAndGet(1);
        assertTrue(breaker.admits());
        assertFalse(breaker.admits());
        nanos.addAndGet(100);
        assertTrue(breaker.admits());
        assertFalse(breaker.admits());
    }

    @Test
    void admitsOneOfManyConcurrentCallsWhileOpen() {
        breaker.failed();
        nanos.addAndGet(100);
        assertEquals(
                1,
                IntStream.range(0, 10_000)
                        .parallel()
                        .filter(i -> breaker.admits())
                        .count());
    }

    @Test
    void closesWithTheFirstSuccess() {
        breaker.failed();
        assertTrue(breaker.succeeded());
        assertFalse(breaker.succeeded());
        assertFalse(breaker.isOpen());
        assertTrue(breaker.admits());
    }

    @Test
    void opensAlsoWhenThePauseEndsAtZeroOfTheClock() {
        nanos.set(-100);
        breaker.failed();
        assertTrue(breaker.isOpen());
    }

    @Test
    void opensWithTheThirdDoubtInARow() {
        breaker.doubted();
        breaker.doubted();
        breaker.succeeded();
        assertFalse(breaker.doubted());
        assertFalse(breaker.doubted());
        assertFalse(breaker.isOpen());
        assertTrue(breaker.doubted());
        assertTrue(breaker.isOpen());
    }

    @Test
    void staysOpenWhenTheProbeIsDoubted() {
        breaker.failed();
        nanos.addAndGet(100);
        assertTrue(breaker.admits());
        assertFalse(breaker.doubted());
        nanos.addAndGet(99);
        assertFalse(breaker.admits());
    }

    @Test
    void tellsOnlyTheFirstFailureApart() {
        assertTrue(breaker.failed());
        assertFalse(breaker.failed());
    }
}
