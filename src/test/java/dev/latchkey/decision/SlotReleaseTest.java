package dev.latchkey.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitConfig.WhenRedisIsAway;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.Slots;
import dev.latchkey.limit.Window;
import dev.latchkey.platform.redis.RedisAwayException;
import dev.latchkey.platform.redis.RedisPeer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A slot that is given back admits one more call, here as in Redis, and nothing else does before its lease ends. */
class SlotReleaseTest {

    private static final Duration AWAIT = Duration.ofSeconds(30);
    private static final List<Budget> BUDGETS = List.of(
            new Budget("token:x", List.of(Window.hour(100))),
            new Budget("token:x", List.of(new Slots("calls", 2, Duration.ofHours(1)))),
            Budget.shadow("token:x", List.of(Window.hour(1))));

    private final RedisPeer peer = RedisPeer.start();

    @AfterEach
    void stop() {
        peer.close();
    }

    @Test
    void aSlotThatIsGivenBackAdmitsOneMoreOnAnyReplica() {
        var limiter = TestLimits.limiter(peer);
        var other = TestLimits.limiter(peer);
        takesTwoAndThenOneForEachThatIsGivenBack(limiter, other, DecidedBy.REDIS);
        for (var slot : List.of("no-such-slot", "no-such-slot")) {
            release(limiter, slot);
        }
        assertFalse(decide(limiter).allowed());
    }

    @Test
    void withoutRedisAReplicaGivesBackWhatItGave() {
        var limiter = TestLimits.limiter(
                peer, new TestLimits(WhenRedisIsAway.LOCAL, Duration.ofSeconds(20)), new SimpleMeterRegistry());
        peer.stopServer();
        takesTwoAndThenOneForEachThatIsGivenBack(limiter, limiter, DecidedBy.LOCAL);
        // It may be one that Redis holds.
        assertThrows(RedisAwayException.class, () -> release(limiter, "no-such-slot"));
    }

    @Test
    void whatRedisHoldsCannotBeGivenBackWithoutIt() {
        var limiter = TestLimits.limiter(peer);
        var slot = decide(limiter).slot().orElseThrow();
        peer.stopServer();
        assertThrows(RedisAwayException.class, () -> release(limiter, slot));
    }

    @Test
    void aCallThatIsRefusedOrOnlyLooksHoldsNoSlot() {
        var limiter = TestLimits.limiter(peer);
        var peek = limiter.decide(new LimitRequest(BUDGETS, 0)).await().atMost(AWAIT);
        assertTrue(peek.allowed() && peek.slot().isEmpty());
        var tooMuch = limiter.decide(new LimitRequest(BUDGETS, 101)).await().atMost(AWAIT);
        assertTrue(!tooMuch.allowed() && tooMuch.slot().isEmpty());
        assertEquals(2, peek.policies().getLast().remaining());
        assertEquals(2, tooMuch.policies().getLast().remaining());
    }

    private static void takesTwoAndThenOneForEachThatIsGivenBack(Limiter limiter, Limiter other, DecidedBy by) {
        var first = decide(limiter);
        var second = decide(other);
        assertEquals(by, second.decidedBy());
        assertEquals(List.of(), first.shadowViolated());
        assertEquals(List.of("hour"), second.shadowViolated());
        var refused = decide(limiter);
        assertEquals(List.of("calls"), refused.violated());
        assertEquals(List.of(), refused.shadowViolated());
        assertTrue(refused.slot().isEmpty());
        release(other, first.slot().orElseThrow());
        assertTrue(decide(limiter).allowed());
        assertFalse(decide(limiter).allowed());
        release(limiter, second.slot().orElseThrow());
        assertTrue(decide(limiter).allowed());
        assertFalse(decide(limiter).allowed());
    }

    private static LimitDecision decide(Limiter limiter) {
        return limiter.decide(new LimitRequest(BUDGETS, 1)).await().atMost(AWAIT);
    }

    private static void release(Limiter limiter, String slot) {
        limiter.release(BUDGETS, slot).await().atMost(AWAIT);
    }
}
