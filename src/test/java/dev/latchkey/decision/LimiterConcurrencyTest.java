package dev.latchkey.decision;

import static dev.latchkey.decision.TestLimits.decide;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.Window;
import dev.latchkey.platform.redis.RedisPeer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Exactness under load, with two limiters that share nothing but Redis, as two replicas do. */
class LimiterConcurrencyTest {

    private static final int LIMIT = 150;
    private static final int CALLS = 20 * LIMIT;
    private static final int THREADS = 32;

    private static final RedisPeer PEER = RedisPeer.start();
    private static final List<Limiter> REPLICAS = List.of(TestLimits.limiter(PEER), TestLimits.limiter(PEER));

    @AfterAll
    static void stop() {
        PEER.close();
    }

    @Test
    void manyThreadsOfTwoReplicasAreAdmittedExactlyToTheLimit() throws InterruptedException, ExecutionException {
        var allowed = 0;
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            Callable<Integer> caller = this::callOnBothReplicas;
            for (var counted : threads.invokeAll(
                    Stream.generate(() -> caller).limit(THREADS).toList())) {
                allowed += counted.get();
            }
        }
        assertEquals(LIMIT, allowed);
    }

    @Test
    void allInFlightAtOnceAreAdmittedExactlyToTheLimitAndNoneIsTurnedAwayByThePool() {
        var request = new LimitRequest("token:flood", List.of(Window.hour(LIMIT), Window.day(2 * LIMIT)), 1);
        var calls = IntStream.range(0, CALLS)
                .mapToObj(i -> REPLICAS.get(i % 2).decide(request))
                .toList();
        var decisions = Uni.join().all(calls).andFailFast().await().atMost(Duration.ofSeconds(60));
        assertTrue(decisions.stream().allMatch(decision -> decision.decidedBy() == DecidedBy.REDIS));
        assertEquals(LIMIT, decisions.stream().filter(LimitDecision::allowed).count());
    }

    private int callOnBothReplicas() {
        var allowed = 0;
        for (var i = 0; i < CALLS / THREADS + 1; i++) {
            var limiter = REPLICAS.get(i % 2);
            if (decide(
                            limiter,
                            "token:contested",
                            1,
                            Window.minute(10 * LIMIT),
                            Window.hour(LIMIT),
                            Window.day(2 * LIMIT))
                    .allowed()) {
                allowed++;
            }
        }
        return allowed;
    }
}
