package dev.latchkey.platform.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Together;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** RFC 9562, sections 5.7 and 6.2. */
class Uuid7Test {

    @Test
    void eachIdHasVersionSevenAndTheVariantOfTheRfc() {
        for (var id : ids(1000)) {
            assertEquals(7, id.version());
            assertEquals(2, id.variant());
        }
    }

    @Test
    void theTimeLeads() {
        var before = System.currentTimeMillis();
        var millis = Uuid7.next().getMostSignificantBits() >>> 16;
        // Ids run ahead of the clock by one millisecond for each 4096 that were made within one.
        assertTrue(millis >= before && millis <= System.currentTimeMillis() + 1000, before + " " + millis);
    }

    @Test
    void eachIdIsGreaterThanTheOneBeforeAsTextAndAsPostgresComparesThem() {
        var ids = ids(20_000);
        for (var i = 1; i < ids.size(); i++) {
            assertTrue(ids.get(i - 1).toString().compareTo(ids.get(i).toString()) < 0);
        }
    }

    @Test
    void idsThatAreMadeTogetherAreDistinctAndRiseInEachThread() {
        var lists = Together.run(4, number -> ids(20_000));
        var all = new HashSet<UUID>();
        for (var ids : lists) {
            all.addAll(ids);
            assertEquals(
                    ids.stream().map(UUID::toString).sorted().toList(),
                    ids.stream().map(UUID::toString).toList());
        }
        assertEquals(80_000, all.size());
    }

    private static List<UUID> ids(int count) {
        var ids = new ArrayList<UUID>();
        for (var i = 0; i < count; i++) {
            ids.add(Uuid7.next());
        }
        return ids;
    }
}
