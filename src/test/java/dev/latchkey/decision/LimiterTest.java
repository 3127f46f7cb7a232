package dev.latchkey.decision;

import static dev.latchkey.decision.TestLimits.decide;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.Policy;
import dev.latchkey.limit.PolicyState;
import dev.latchkey.limit.Window;
import dev.latchkey.platform.redis.RedisPeer;
import io.vertx.mutiny.redis.client.Redis;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a decision promises, on a real Redis. */
class LimiterTest {

    private static final RedisPeer PEER = RedisPeer.start();
    private static final Redis REDIS = PEER.client();
    private static final Limiter LIMITER = TestLimits.limiter(PEER);

    private final String subject = "token:" + UUID.randomUUID();

    @AfterAll
    static void stop() {
        PEER.close();
    }

    @Test
    void admitsUpToTheLimitAndSaysWhatIsLeft() {
        for (var left = 2; left >= 0; left--) {
            var decision = decide(LIMITER, subject, 1, Window.hour(3));
            assertTrue(decision.allowed());
            assertEquals(List.of(state("hour", 3, left)), rounded(decision));
            assertEquals(DecidedBy.REDIS, decision.decidedBy());
        }
        var refused = decide(LIMITER, subject, 1, Window.hour(3));
        assertFalse(refused.allowed());
        assertEquals(List.of("hour"), refused.violated());
        assertEquals(OptionalLong.of(refused.policies().getFirst().resetSeconds()), refused.retryAfterSeconds());
    }

    @Test
    void windowsDecideTogetherAndARefusalConsumesNothing() {
        decide(LIMITER, subject, 2, Window.minute(5), Window.hour(3), Window.day(10));
        var refused = decide(LIMITER, subject, 2, Window.minute(5), Window.hour(3), Window.day(10));
        assertFalse(refused.allowed());
        assertEquals(List.of("hour"), refused.violated());
        assertEquals(List.of(state("minute", 5, 3), state("hour", 3, 1), state("day", 10, 8)), rounded(refused));
        var peek = decide(LIMITER, subject, 0, Window.minute(5), Window.hour(3), Window.day(10));
        assertEquals(rounded(refused), rounded(peek));
        assertTrue(decide(LIMITER, subject, 1, Window.minute(5), Window.hour(3), Window.day(10))
                .allowed());
    }

    @Test
    void peekingConsumesNothingAndLeavesNoKey() {
        var decision = decide(LIMITER, subject, 0, Window.minute(5));
        assertTrue(decision.allowed());
        assertEquals(List.of(Window.minute(5).state(0, 0, 0)), decision.policies());
        assertEquals(List.of(), keys());
        decide(LIMITER, subject, 5, Window.minute(5));
        assertTrue(decide(LIMITER, subject, 0, Window.minute(5)).allowed());
        assertTrue(decide(LIMITER, subject, 0, Window.minute(3)).allowed());
    }

    @Test
    void aCostAboveTheLimitIsRefusedForEver() {
        var refused = decide(LIMITER, subject, 6, Window.minute(5));
        assertFalse(refused.allowed());
        assertEquals(OptionalLong.empty(), refused.retryAfterSeconds());
        assertEquals(List.of("minute"), refused.violated());
        assertEquals(List.of(), keys());
        assertTrue(decide(LIMITER, subject, 5, Window.minute(5)).allowed());
    }

    @Test
    void aLimitOfZeroAdmitsNothing() {
        assertEquals(
                OptionalLong.empty(),
                decide(LIMITER, subject, 1, Window.hour(0)).retryAfterSeconds());
    }

    @Test
    void aChangedLimitCountsAtOnce() {
        decide(LIMITER, subject, 8, Window.hour(10));
        var lowered = decide(LIMITER, subject, 1, Window.hour(5));
        assertFalse(lowered.allowed());
        assertEquals(0, lowered.policies().getFirst().remaining());
        var raised = decide(LIMITER, subject, 4, Window.hour(12));
        assertTrue(raised.allowed());
        assertEquals(0, raised.policies().getFirst().remaining());
    }

    @Test
    void windowsOfOtherLengthsAreAnotherBudgetAndLimitsAreNot() {
        decide(LIMITER, subject, 1, Window.minute(5));
        assertEquals(List.of(state("day", 5, 4)), rounded(decide(LIMITER, subject, 1, Window.day(5))));
        assertEquals(List.of(state("minute", 9, 7)), rounded(decide(LIMITER, subject, 1, Window.minute(9))));
    }

    @Test
    void subjectsDoNotShare() {
        assertTrue(decide(LIMITER, subject, 1, Window.hour(1)).allowed());
        assertTrue(decide(LIMITER, "user:" + subject.substring(6), 1, Window.hour(1))
                .allowed());
        assertFalse(decide(LIMITER, subject, 1, Window.hour(1)).allowed());
    }

    @Test
    void withoutWindowsNothingIsLimited() {
        assertTrue(decide(LIMITER, subject, 1_000_000).allowed());
        assertEquals(List.of(), keys());
    }

    @Test
    void countsExactlyUpToTheLargestNumbers() {
        var largest = Policy.LARGEST;
        assertTrue(decide(LIMITER, subject, largest - 1, Window.day(largest)).allowed());
        assertTrue(decide(LIMITER, subject, 1, Window.day(largest)).allowed());
        assertFalse(decide(LIMITER, subject, 1, Window.day(largest)).allowed());
    }

    @Test
    void aRedisThatForgotTheScriptIsTaughtAnew() {
        decide(LIMITER, subject, 1, Window.hour(2));
        RedisPeer.send(REDIS, "script", "flush");
        assertEquals(
                DecidedBy.REDIS, decide(LIMITER, subject, 1, Window.hour(2)).decidedBy());
        assertFalse(decide(LIMITER, subject, 1, Window.hour(2)).allowed());
    }

    @Test
    void keysExpireWhenIdle() throws InterruptedException {
        var brief = new Window("brief", 1000, Duration.ofMillis(300));
        for (var calls = 0; calls < 20; calls++) {
            decide(LIMITER, subject, 1, brief);
            Thread.sleep(1);
        }
        var state = "latchkey:limits:" + subject + ":300";
        assertEquals(List.of(state, state + ":1"), keys());
        for (var tries = 0; tries < 200 && !keys().isEmpty(); tries++) {
            Thread.sleep(50);
        }
        assertEquals(List.of(), keys());
    }

    private List<String> keys() {
        var answer = RedisPeer.send(REDIS, "keys", "*" + subject + "*");
        assertNotNull(answer);
        return Stream.iterate(0, i -> i < answer.size(), i -> i + 1)
                .map(i -> answer.get(i).toString())
                .sorted()
                .toList();
    }

    private static PolicyState state(String name, long limit, long remaining) {
        return new PolicyState(name, Policy.Unit.REQUESTS, limit, Duration.ZERO, remaining, 0, 0);
    }

    /** Without what depends on the time that the test takes. */
    private static List<PolicyState> rounded(LimitDecision decision) {
        return decision.policies().stream()
                .map(window -> state(window.name(), window.limit(), window.remaining()))
                .toList();
    }
}
