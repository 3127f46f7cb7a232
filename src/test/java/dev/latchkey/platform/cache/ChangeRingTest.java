package dev.latchkey.platform.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whoever asks gets every change after their epoch, or is told to forget everything. */
class ChangeRingTest {

    private static final long START = 1_795_292_164_000_000L;

    private final ChangeRing ring = new ChangeRing();

    @Test
    void tellsEachKeyOfTheCacheOnceAndNothingOfOthers() {
        ring.restart(START);
        add("cache", "a");
        add("other", "b");
        add("cache", "c");
        add("cache", "a");
        assertEquals(new ChangeFeed.Changes(START + 4, false, List.of("a", "c")), after(START));
        assertEquals(new ChangeFeed.Changes(START + 4, false, List.of("c", "a")), after(START + 2));
        assertEquals(new ChangeFeed.Changes(START + 4, false, List.of()), after(START + 4));
    }

    @Test
    void whatIsUnknownResets() {
        ring.restart(START);
        add("cache", "a");
        assertTrue(after(START - 1).reset());
        assertTrue(after(START + 2).reset());
        assertTrue(after(0).reset());
        assertTrue(after(Long.MAX_VALUE / 10).reset());
        ring.restart(5);
        assertEquals(new ChangeFeed.Changes(5, true, List.of()), after(START));
        assertEquals(new ChangeFeed.Changes(5, false, List.of()), after(5));
    }

    @Test
    void whatIsTooOldResetsAndTheRestIsThere() {
        ring.restart(START);
        for (var i = 0; i < ChangeRing.SIZE + 3; i++) {
            add(i % 100 == 0 ? "cache" : "other", "key " + i);
        }
        assertTrue(after(START + 2).reset());
        assertEquals("key 100", after(START + 3).keys().getFirst());
        assertEquals(100, after(START + 3).keys().size());
    }

    @Test
    void aLongAnswerComesInPartsOfWhichNoneIsMissing() {
        ring.restart(START);
        for (var i = 0; i < 2 * ChangeRing.KEYS_MAX + 1; i++) {
            add("cache", "key " + i);
        }
        var told = new ArrayList<String>();
        var at = START;
        for (var answers = 0; answers < 3; answers++) {
            var changes = after(at);
            assertTrue(changes.keys().size() <= ChangeRing.KEYS_MAX);
            told.addAll(changes.keys());
            at = changes.epoch();
        }
        assertEquals(2 * ChangeRing.KEYS_MAX + 1, told.stream().distinct().count());
        assertEquals(ring.last(), at);
    }

    @Test
    void aChangeOfAWholesaleCacheResets() {
        ring.restart(START);
        add("cache", "a");
        add("wholesale", "everything");
        assertTrue(after(START).reset());
        assertEquals(new ChangeFeed.Changes(START + 2, false, List.of()), after(START + 2));
    }

    @Test
    void whatIsOneTenantsIsToldToNoOther() {
        ring.restart(START);
        add("cache", "mine", "me");
        add("cache", "yours", "you");
        add("cache", "everybody's");
        assertEquals(new ChangeFeed.Changes(START + 3, false, List.of("mine", "everybody's")), after(START));
        add("wholesale", "not mine", "you");
        assertTrue(after(START).reset());
    }

    private void add(String cache, String key) {
        add(cache, key, Change.ALL);
    }

    private void add(String cache, String key, String audience) {
        ring.add(new InvalidationStream.Entry("0-0", ring.last() + 1, new Change(cache, key, audience)));
    }

    private ChangeFeed.Changes after(long epoch) {
        return ring.after(
                epoch,
                new ChangeFeed.Question("me", "cache", Set.of("wholesale"), OptionalLong.of(epoch), Duration.ZERO));
    }
}
