package dev.latchkey.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.TokenBucket;
import dev.latchkey.limit.Window;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is taken in advance, and when it may be used. */
class LeaseTest {

    private static final long LIMIT = 100_000;
    private static final Budget BUDGET = budget(LIMIT);
    private static final long MILLI = 1_000_000;

    private long now = 77 * MILLI;
    private final Lease lease = new Lease(BUDGET, now);

    @Test
    void whoIsSeldomAskedForTakesNothing() {
        for (var i = 0; i < 100; i++) {
            assertNull(ask());
            assertEquals(0, lease.wish(now));
            now += 100 * MILLI;
        }
    }

    @Test
    void theFirstUnitsAreFewAndTheNextAreThoseOfASecond() {
        assertEquals(Lease.LEAST, wishAfter(100));
        grant(Lease.LEAST, LIMIT - 100 - Lease.LEAST);
        // What is left in advance is told as left.
        assertEquals(LIMIT - 101, remaining(ask()));
        for (var i = 1; i < Lease.LEAST; i++) {
            assertNotNull(ask());
        }
        assertNull(ask());
        assertEquals(2 * (100 + Lease.LEAST + 1), lease.wish(now));
    }

    @Test
    void unitsAreUsedForTwoSecondsFromWhenTheyWereAskedForAndNotLonger() {
        wishAfter(10);
        var askedAt = now;
        now += 300 * MILLI;
        lease.granted(granted(LIMIT), Lease.LEAST, askedAt, now);
        now = askedAt + Lease.LIFE.toNanos() - 1;
        assertNotNull(ask());
        now++;
        assertNull(ask());
    }

    @Test
    void theNextUnitsAreTakenWhileTheFirstAreUsedAndBothAreUsed() {
        wishAfter(10);
        grant(Lease.LEAST, LIMIT);
        for (var i = 0; i < Lease.LEAST * 3 / 4; i++) {
            assertNotNull(ask());
        }
        assertTrue(lease.wish(now) > 0);
        assertEquals(0, lease.wish(now), "one at a time");
        grant(20, LIMIT);
        for (var i = 0; i < Lease.LEAST / 4 + 20; i++) {
            assertNotNull(ask());
        }
        assertNull(ask());
    }

    @Test
    void whereLittleIsLeftNothingIsTakenForASecond() {
        wishAfter(10);
        grant(Lease.LEAST, 50 * Lease.LEAST - 1);
        for (var i = 0; i < Lease.LEAST; i++) {
            assertNotNull(ask());
        }
        assertEquals(0, wishAfter(100));
        now += 1000 * MILLI;
        assertEquals(Lease.LEAST, wishAfter(100));
    }

    @Test
    void aRefusalOrNoDecisionOfRedisGivesNothing() {
        for (var decision : List.of(
                LimitDecision.NOBODY_DECIDES,
                new LimitDecision(true, List.of(), DecidedBy.OPEN),
                new LimitDecision(false, List.of(), DecidedBy.REDIS))) {
            assertEquals(Lease.LEAST, wishAfter(10));
            lease.granted(decision, Lease.LEAST, now, now);
            assertNull(ask());
            now += 1001 * MILLI;
        }
    }

    @Test
    void noLeaseIsMoreThanAFiftiethOfWhatIsLeft() {
        wishAfter(10);
        grant(Lease.LEAST, 5_000);
        assertEquals(100, wishAfter(10_000));
    }

    @Test
    void aCostThatIsMoreThanIsHeldIsNotTakenFromIt() {
        wishAfter(10);
        grant(Lease.LEAST, LIMIT);
        assertNull(lease.take(Lease.LEAST + 1, now));
        assertNotNull(lease.take(Lease.LEAST, now));
        assertNull(ask());
    }

    @Test
    void aChangedLimitIsAnotherLease() {
        var book = new LeaseBook();
        var first = book.of(BUDGET, now);
        assertEquals(first, book.of(budget(LIMIT), now));
        assertFalse(first.isOf(budget(LIMIT - 1)));
        assertTrue(first != book.of(budget(LIMIT - 1), now));
    }

    @Test
    void onlyWindowsAreLeased() {
        assertTrue(BUDGET.isLeasable());
        assertFalse(new Budget("token:x", List.of()).isLeasable());
        var bucket = new TokenBucket("burst", LIMIT, Duration.ofMillis(1));
        assertFalse(new Budget("token:x", List.of(Window.minute(LIMIT), bucket)).isLeasable());
    }

    private static Budget budget(long limit) {
        return new Budget("token:x", List.of(Window.minute(limit), Window.hour(10 * limit)));
    }

    private @Nullable LimitDecision ask() {
        return lease.take(1, now);
    }

    private long wishAfter(int asked) {
        for (var i = 0; i < asked; i++) {
            ask();
        }
        return lease.wish(now);
    }

    private void grant(long units, long left) {
        lease.granted(granted(left), units, now, now);
    }

    private static LimitDecision granted(long left) {
        var minute = Window.minute(LIMIT).state(LIMIT - left, 60_000_000, 0);
        var hour = Window.hour(10 * LIMIT).state(0, 0, 0);
        return new LimitDecision(true, List.of(minute, hour), DecidedBy.REDIS);
    }

    private static long remaining(@Nullable LimitDecision decision) {
        assertNotNull(decision);
        assertEquals(DecidedBy.LEASE, decision.decidedBy());
        return decision.policies().getFirst().remaining();
    }
}
