package dev.latchkey.platform.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A near cache is as large as its room, whatever is in it, and what is asked for does not go out of it. */
class NearCacheTest {

    private static final int ROOM = 1000;
    private static final Duration YOUTH = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicInteger misses = new AtomicInteger();
    private final NearCache<String> cache =
            new NearCache<>(ROOM, value -> 100, () -> true, misses::incrementAndGet, () -> YOUTH);

    @Test
    void heavyValuesLeaveRoomForFew() {
        for (var i = 0; i < 500; i++) {
            get("key " + i, () -> Optional.of("heavy"));
        }
        // It evicts behind the caller.
        Replica.until(() -> kept() <= ROOM / 100);
        assertTrue(kept() > 0);
    }

    @Test
    void whatCameTogetherIsNotLoadedAnewTogether() {
        var youths =
                Stream.generate(NearCache.Loading::youth).limit(1000).sorted().toList();
        assertTrue(youths.getFirst().compareTo(NearCache.Loading.SHORTEST) >= 0, youths.getFirst()::toString);
        assertTrue(youths.getLast().compareTo(NearCache.Loading.LONGEST) <= 0, youths.getLast()::toString);
        assertTrue(youths.get(900).minus(youths.get(100)).compareTo(Duration.ofSeconds(5)) > 0, youths::toString);
        assertTrue(NearCache.Loading.LONGEST.compareTo(NearCache.LONGEST_LIFE) < 0);
    }

    @Test
    void nobodyWaitsForWhatIsAskedForAgainAndAgain() {
        get("key", () -> Optional.of("old"));
        Replica.until(() -> get("key", () -> Optional.of("new")).equals(Optional.of("new")));
        assertEquals(1, misses.get());
    }

    @Test
    void whatIsForgottenWhileItIsLoadedAnewStaysForgotten() throws Exception {
        get("key", () -> Optional.of("valid"));
        var reading = new CountDownLatch(1);
        var changed = new CountDownLatch(1);
        Supplier<Optional<String>> slow = () -> {
            reading.countDown();
            await(changed);
            return Optional.of("valid");
        };
        Replica.until(() -> {
            cache.glance("key", slow);
            return reading.getCount() == 0;
        });
        cache.forget("key");
        assertEquals(Optional.of("revoked"), get("key", () -> Optional.of("revoked")));
        changed.countDown();
        for (var i = 0; i < 50; i++) {
            Thread.sleep(10);
            assertEquals(Optional.of("revoked"), get("key", () -> Optional.of("valid")));
        }
    }

    @Test
    void whatCannotBeLoadedAnewIsServedToTheEndOfItsLife() throws Exception {
        get("key", () -> Optional.of("known"));
        var tries = new AtomicInteger();
        Supplier<Optional<String>> failing = () -> {
            tries.incrementAndGet();
            throw new IllegalStateException("broken for this test");
        };
        Replica.until(() -> {
            assertEquals(Optional.of(Optional.of("known")), cache.glance("key", failing));
            return tries.get() > 0;
        });
        Thread.sleep(500);
        assertEquals(Optional.of(Optional.of("known")), cache.glance("key", failing));
        assertEquals(1, tries.get());
    }

    @Test
    void whatWasNotThereIsLookedForAgainAndWaitedFor() {
        assertEquals(Optional.empty(), get("key", Optional::empty));
        assertEquals(Optional.empty(), get("key", () -> Optional.of("made since")));
        Replica.until(() -> cache.glance("key", Optional::empty).isEmpty());
        assertEquals(Optional.of("made since"), get("key", () -> Optional.of("made since")));
        assertFalse(cache.glance("key", Optional::empty).isEmpty());
    }

    private Optional<String> get(String key, Supplier<Optional<String>> load) {
        return cache.get(key, load).await().atMost(PATIENCE);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long kept() {
        return IntStream.range(0, 500)
                .filter(i -> cache.glance("key " + i, Optional::empty).isPresent())
                .count();
    }
}
