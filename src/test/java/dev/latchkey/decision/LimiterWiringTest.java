package dev.latchkey.decision;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.Window;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The limiter as the service has it: its connections and its metrics. */
@QuarkusTest
class LimiterWiringTest {

    @Inject
    Limiter limiter;

    private final LimitRequest request =
            new LimitRequest("user:" + UUID.randomUUID(), List.of(Window.hour(100), Window.day(1000)), 1);

    @Test
    void decisionsAreCountedByOutcomeDeciderAndKind() throws InterruptedException {
        // A busy machine may miss the timeout at first; a later call finds Redis again.
        for (var tries = 0; tries < 40 && decide().decidedBy() != DecidedBy.REDIS; tries++) {
            Thread.sleep(250);
        }
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString(
                        "latchkey_limit_decisions_total{decided_by=\"redis\",kind=\"user\",outcome=\"allowed\"}"))
                .body(containsString("latchkey_limit_decision_seconds_count"))
                .body(containsString("latchkey_redis_available"));
    }

    @Test
    void oneThousandDecisionsInFlightAreAllDecidedByRedis() {
        var calls =
                IntStream.range(0, 1000).mapToObj(i -> limiter.decide(request)).toList();
        var decisions = Uni.join().all(calls).andFailFast().await().atMost(Duration.ofSeconds(60));
        assertEquals(100, decisions.stream().filter(LimitDecision::allowed).count());
        assertEquals(
                List.of(DecidedBy.REDIS),
                decisions.stream().map(LimitDecision::decidedBy).distinct().toList());
    }

    private LimitDecision decide() {
        return limiter.decide(request).await().atMost(Duration.ofSeconds(10));
    }
}
