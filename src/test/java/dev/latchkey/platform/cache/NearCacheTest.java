package dev.latchkey.platform.cache;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A near cache is as large as its room, whatever is in it, and does not lose all of it at once. */
class NearCacheTest {

    private static final int ROOM = 1000;

    @Test
    void heavyValuesLeaveRoomForFew() {
        var cache = new NearCache<String>(ROOM, value -> 100, () -> true, () -> {});
        for (var i = 0; i < 500; i++) {
            var key = "key " + i;
            cache.get(key, () -> Optional.of("heavy")).await().atMost(Duration.ofSeconds(20));
        }
        // It evicts behind the caller.
        Replica.until(() -> kept(cache) <= ROOM / 100);
        assertTrue(kept(cache) > 0);
    }

    @Test
    void whatCameTogetherDoesNotEndTogether() {
        var lives = Stream.generate(NearCache::life).limit(1000).sorted().toList();
        assertTrue(lives.getFirst().compareTo(NearCache.SHORTEST_LIFE) >= 0, lives.getFirst()::toString);
        assertTrue(lives.getLast().compareTo(NearCache.LONGEST_LIFE) <= 0, lives.getLast()::toString);
        assertTrue(lives.get(900).minus(lives.get(100)).compareTo(Duration.ofSeconds(5)) > 0, lives::toString);
    }

    private static long kept(NearCache<String> cache) {
        return IntStream.range(0, 500)
                .filter(i -> cache.glance("key " + i).isPresent())
                .count();
    }
}
