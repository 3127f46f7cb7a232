package dev.latchkey.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.TokenBucket;
import dev.latchkey.limit.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is taken in advance, and when it may be used. */
class LeaseTest {

    private static final long LIMIT = 100_000;
    private static final Budget BUDGET = budget(LIMIT);
    private static final long MILLI = 1_000_000;

    private static final long SECOND = 1000 * MILLI;

    private long now = 77 * MILLI;
    private Lease lease = new Lease(BUDGET, now);

    @Test
    void whoIsSeldomAskedForTakesNothing() {
        for (var i = 0; i < 100; i++) {
            assertNull(ask());
            assertEquals(Lease.NOTHING, lease.wish(now));
            now += 100 * MILLI;
        }
    }

    @Test
    void aBurstThatHasEndedTakesNothing() {
        for (var i = 0; i < 10; i++) {
            for (var call = 0; call < 100; call++) {
                ask();
                assertEquals(Lease.NOTHING, lease.wish(now));
            }
            now += 3 * SECOND;
        }
    }

    @Test
    void oneExpensiveCallIsNoDemand() {
        for (var i = 0; i < 10; i++) {
            lease.take(1000, now);
            assertEquals(Lease.NOTHING, lease.wish(now));
            now += SECOND / 2;
        }
    }

    @Test
    void whatIsLeftIsLookedAtBeforeASecondsDemandIsTaken() {
        steady(100);
        assertEquals(Lease.LOOK, lease.wish(now));
        assertEquals(Lease.NOTHING, lease.wish(now), "one at a time");
        lease.granted(granted(LIMIT), Lease.LOOK, now, now);
        assertNull(ask());
        assertEquals(200, lease.wish(now));
        lease.granted(granted(LIMIT - 200), 200, now, now);
        // What is left in advance is told as left.
        assertEquals(LIMIT - 1, remaining(ask()));
        for (var i = 1; i < 200; i++) {
            assertNotNull(ask());
        }
        assertNull(ask());
    }

    @Test
    void unitsAreUsedForTwoSecondsFromWhenTheyWereAskedForAndNotLonger() {
        lookedAt(LIMIT);
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
        lookedAt(LIMIT);
        grant(Lease.LEAST, LIMIT);
        for (var i = 0; i < Lease.LEAST * 3 / 4; i++) {
            assertNotNull(ask());
        }
        assertTrue(lease.wish(now) > 0);
        grant(20, LIMIT);
        for (var i = 0; i < Lease.LEAST / 4 + 20; i++) {
            assertNotNull(ask());
        }
        assertNull(ask());
    }

    @Test
    void whereLittleIsLeftNothingIsTakenAndASecondLaterItIsLookedAtAgain() {
        lookedAt(50 * Lease.LEAST - 1);
        steady(100);
        assertEquals(Lease.NOTHING, lease.wish(now));
        steady(100);
        assertEquals(Lease.LOOK, lease.wish(now));
    }

    @Test
    void aLimitThatIsSmallIsNeverLeased() {
        lease = new Lease(budget(50 * Lease.LEAST - 1), now);
        for (var i = 0; i < 10; i++) {
            steady(1000);
            assertEquals(Lease.NOTHING, lease.wish(now));
        }
    }

    @Test
    void aRefusalOrNoDecisionOfRedisGivesNothingAndTakesNothingAway() {
        lookedAt(LIMIT);
        grant(Lease.LEAST, LIMIT);
        for (var decision : List.of(
                LimitDecision.NOBODY_DECIDES,
                new LimitDecision(true, List.of(), DecidedBy.OPEN),
                new LimitDecision(false, List.of(), DecidedBy.REDIS))) {
            lease.granted(decision, 20, now, now);
            assertEquals(2, Objects.requireNonNull(ask()).policies().size(), "it tells what is left all the same");
            assertEquals(Lease.NOTHING, lease.wish(now));
        }
        now += 3 * SECOND;
        // Most of it was left: that takes a second more.
        for (var i = 0; i < 4; i++) {
            steady(100);
        }
        assertNull(ask());
        assertEquals(Lease.LOOK, lease.wish(now));
    }

    @Test
    void noLeaseIsMoreThanAFiftiethOfWhatIsLeft() {
        steady(10_000);
        lease.wish(now);
        lease.granted(granted(5000), Lease.LOOK, now, now);
        assertEquals(100, lease.wish(now));
    }

    @Test
    void afterLeasesThatWentUnusedItTakesLongerEachTime() {
        var pauses = new ArrayList<Long>();
        for (var i = 0; i < 8; i++) {
            lookedAt(LIMIT);
            grant(1000, LIMIT);
            ask();
            now += 2 * SECOND;
            var ended = now;
            do {
                steady(10);
            } while (lease.wish(now) == Lease.NOTHING);
            lease.granted(LimitDecision.NOBODY_DECIDES, Lease.LOOK, now, now);
            pauses.add((now - ended) / SECOND);
            now += 2 * SECOND;
        }
        assertEquals(pauses.stream().sorted().toList(), pauses);
        assertTrue(pauses.getFirst() < 3 && pauses.getLast() >= 60 && pauses.getLast() < 65, pauses::toString);
    }

    @Test
    void aCostThatIsMoreThanIsHeldIsNotTakenFromIt() {
        lookedAt(LIMIT);
        grant(Lease.LEAST, LIMIT);
        assertNull(lease.take(Lease.LEAST + 1, now));
        assertNotNull(lease.take(Lease.LEAST, now));
        assertNull(ask());
    }

    @Test
    void aChangedLimitIsAnotherLease() {
        var book = new LeaseBook();
        var first = book.of(BUDGET, now);
        assertSame(first, book.of(budget(LIMIT), now));
        assertNotSame(first, book.of(budget(LIMIT - 1), now));
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

    /** So many calls in a half second, which is over then. */
    private void steady(int calls) {
        now = Math.ceilDiv(now, SECOND / 2) * (SECOND / 2);
        for (var i = 0; i < calls; i++) {
            ask();
        }
        now += SECOND / 2;
    }

    /** As much was found to be left. */
    private void lookedAt(long left) {
        do {
            steady(100);
        } while (lease.wish(now) != Lease.LOOK);
        lease.granted(granted(left), Lease.LOOK, now, now);
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
