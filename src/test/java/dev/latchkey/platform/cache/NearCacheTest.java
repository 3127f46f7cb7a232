package dev.latchkey.platform.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
    private final AtomicReference<NearCache.Reload<String>> reload = new AtomicReference<>(known -> known);
    private final NearCache<String> cache =
            new NearCache<>(ROOM, value -> 100, () -> true, misses::incrementAndGet, () -> YOUTH, known -> reload.get()
                    .of(known));

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
        reload.set(known -> Map.of("key", known.get("key") + " and new"));
        get("key", () -> Optional.of("old"));
        Replica.until(() -> get("key", Optional::empty).equals(Optional.of("old and new")));
        Replica.until(() -> get("key", Optional::empty).equals(Optional.of("old and new and new")));
        assertEquals(1, misses.get());
    }

    @Test
    void whatComesDueWhileOthersAreReadIsReadTogether() throws Exception {
        var readings = new LinkedBlockingQueue<Set<String>>();
        var goesOn = new Semaphore(0);
        reload.set(known -> {
            readings.add(known.keySet());
            goesOn.acquireUninterruptibly();
            return known;
        });
        for (var i = 0; i < 5; i++) {
            get("key " + i, () -> Optional.of("known"));
        }
        Replica.until(() -> {
            cache.glance("key 0");
            return !readings.isEmpty();
        });
        assertEquals(Set.of("key 0"), readings.poll(10, TimeUnit.SECONDS));
        Thread.sleep(YOUTH);
        IntStream.range(1, 5).forEach(i -> cache.glance("key " + i));
        goesOn.release(2);
        assertEquals(Set.of("key 1", "key 2", "key 3", "key 4"), readings.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void whatIsForgottenWhileItIsLoadedAnewStaysForgotten() throws Exception {
        get("key", () -> Optional.of("valid"));
        var reading = new CountDownLatch(1);
        var changed = new Semaphore(0);
        reload.set(known -> {
            reading.countDown();
            changed.acquireUninterruptibly();
            return Map.of("key", "valid");
        });
        Replica.until(() -> {
            cache.glance("key");
            return reading.getCount() == 0;
        });
        cache.forget("key");
        assertEquals(Optional.of("revoked"), get("key", () -> Optional.of("revoked")));
        changed.release();
        for (var i = 0; i < 50; i++) {
            Thread.sleep(10);
            assertEquals(Optional.of("revoked"), get("key", () -> Optional.of("valid")));
        }
    }

    @Test
    void whatIsGoneWhenItIsLoadedAnewIsGone() {
        get("key", () -> Optional.of("known"));
        reload.set(known -> Map.of());
        Replica.until(() -> cache.glance("key").equals(Optional.of(Optional.empty())));
    }

    @Test
    void whatCannotBeLoadedAnewIsServedToTheEndOfItsLife() throws Exception {
        get("key", () -> Optional.of("known"));
        var tries = new AtomicInteger();
        reload.set(known -> {
            tries.incrementAndGet();
            throw new IllegalStateException("broken for this test");
        });
        Replica.until(() -> {
            assertEquals(Optional.of(Optional.of("known")), cache.glance("key"));
            return tries.get() > 0;
        });
        Thread.sleep(500);
        assertEquals(Optional.of(Optional.of("known")), cache.glance("key"));
        assertEquals(1, tries.get());
        // And others are read after it.
        reload.set(known -> Map.of("other", "new"));
        get("other", () -> Optional.of("old"));
        Replica.until(() -> get("other", Optional::empty).equals(Optional.of("new")));
    }

    @Test
    void whatIsNotLoadedAnewIsGoneInTime() {
        var plain = new NearCache<String>(ROOM, value -> 1, () -> true, () -> {}, () -> YOUTH, null);
        plain.get("key", () -> Optional.of("old")).await().atMost(PATIENCE);
        Replica.until(() -> plain.glance("key").isEmpty());
        assertEquals(
                Optional.of("new"),
                plain.get("key", () -> Optional.of("new")).await().atMost(PATIENCE));
    }

    @Test
    void whatWasNotThereIsLookedForAgainAndWaitedFor() {
        assertEquals(Optional.empty(), get("key", Optional::empty));
        assertEquals(Optional.empty(), get("key", () -> Optional.of("made since")));
        Replica.until(() -> cache.glance("key").isEmpty());
        assertEquals(Optional.of("made since"), get("key", () -> Optional.of("made since")));
        assertFalse(cache.glance("key").isEmpty());
    }

    private Optional<String> get(String key, Supplier<Optional<String>> load) {
        return cache.get(key, load).await().atMost(PATIENCE);
    }

    private long kept() {
        return IntStream.range(0, 500)
                .filter(i -> cache.glance("key " + i).isPresent())
                .count();
    }
}
