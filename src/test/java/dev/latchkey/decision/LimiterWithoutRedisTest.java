package dev.latchkey.decision;

import static dev.latchkey.decision.TestLimits.decide;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.limit.LimitConfig.WhenRedisIsAway;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitHeaders;
import dev.latchkey.limit.PolicyState;
import dev.latchkey.limit.Window;
import dev.latchkey.platform.redis.RedisPeer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each policy does while Redis is stopped, held up, or back again. */
class LimiterWithoutRedisTest {

    private final RedisPeer peer = RedisPeer.start();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @AfterEach
    void stop() {
        peer.close();
    }

    @Test
    void localCountsInThisProcessUnderTheSameLimits() {
        var limiter = limiter(WhenRedisIsAway.LOCAL);
        peer.stopServer();
        var first = decide(limiter, "token:1", 2, Window.minute(3), Window.hour(100));
        assertTrue(first.allowed());
        assertEquals(DecidedBy.LOCAL, first.decidedBy());
        var refused = decide(limiter, "token:1", 2, Window.minute(3), Window.hour(100));
        assertFalse(refused.allowed());
        assertEquals(List.of("minute"), refused.violated());
        assertEquals(
                List.of(1L, 98L),
                refused.policies().stream().map(PolicyState::remaining).toList());
        assertTrue(decide(limiter, "token:1", 1, Window.minute(3), Window.hour(100))
                .allowed());
        assertEquals(0, metrics.get("latchkey_redis_available").gauge().value());
        assertEquals(2, decisions("allowed", "local"));
        assertEquals(1, decisions("refused", "local"));
    }

    @Test
    void openAdmitsEverything() {
        var limiter = limiter(WhenRedisIsAway.OPEN);
        peer.stopServer();
        for (var calls = 0; calls < 3; calls++) {
            var decision = decide(limiter, "token:1", 1, Window.minute(1));
            assertEquals(new LimitDecision(true, List.of(), DecidedBy.OPEN), decision);
            assertEquals(Map.of(), LimitHeaders.of(decision));
        }
        assertEquals(3, decisions("allowed", "open"));
    }

    @Test
    void closedRefusesEverythingAndSaysWhenToTryAgain() {
        var limiter = limiter(WhenRedisIsAway.CLOSED);
        peer.stopServer();
        var decision = decide(limiter, "token:1", 1, Window.minute(1));
        assertEquals(new LimitDecision(false, List.of(), DecidedBy.CLOSED), decision);
        assertEquals(Map.of(), LimitHeaders.of(decision));
        assertEquals(OptionalLong.of(1), decision.retryAfterSeconds());
        assertEquals(1, decisions("refused", "closed"));
    }

    @Test
    void redisDecidesAgainSoonAfterItIsBack() throws InterruptedException {
        var limiter = limiter(WhenRedisIsAway.LOCAL);
        assertEquals(
                DecidedBy.REDIS, decide(limiter, "token:1", 1, Window.hour(9)).decidedBy());
        peer.stopServer();
        assertEquals(
                DecidedBy.LOCAL, decide(limiter, "token:1", 1, Window.hour(9)).decidedBy());
        peer.startServer();
        var decidedBy = DecidedBy.LOCAL;
        for (var tries = 0; tries < 100 && decidedBy != DecidedBy.REDIS; tries++) {
            Thread.sleep(50);
            decidedBy = decide(limiter, "token:1", 0, Window.hour(9)).decidedBy();
        }
        assertEquals(DecidedBy.REDIS, decidedBy);
        assertEquals(1, metrics.get("latchkey_redis_available").gauge().value());
    }

    @Test
    void aRedisThatHangsIsWaitedForByFewCallsOnly() {
        var limiter = limiter(WhenRedisIsAway.LOCAL, Duration.ofMillis(250));
        decide(limiter, "token:1", 1, Window.hour(9));
        RedisPeer.send(peer.client(), "client", "pause", 60_000);
        var started = System.nanoTime();
        for (var calls = 0; calls < 2000; calls++) {
            assertEquals(
                    DecidedBy.LOCAL,
                    decide(limiter, "token:1", 1, Window.hour(9)).decidedBy());
        }
        // Each call waiting for its timeout would take 500 seconds.
        assertTrue(System.nanoTime() - started < Duration.ofSeconds(20).toNanos());
    }

    private Limiter limiter(WhenRedisIsAway policy) {
        return limiter(policy, Duration.ofSeconds(20));
    }

    private Limiter limiter(WhenRedisIsAway policy, Duration timeout) {
        return TestLimits.limiter(peer, new TestLimits(policy, timeout), metrics);
    }

    private double decisions(String outcome, String decidedBy) {
        return metrics.get("latchkey_limit_decisions")
                .tags("outcome", outcome, "decided_by", decidedBy, "kind", "token")
                .counter()
                .count();
    }
}
