package dev.latchkey.decision;

import static dev.latchkey.decision.TestLimits.decide;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.limit.Window;
import dev.latchkey.platform.redis.RedisPeer;
import io.vertx.mutiny.redis.client.Redis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The edges of windows in real time. A call was decided at some moment between its start and its end: what is asserted here
 * holds wherever in between that was, so a slow machine makes these tests weaker, and never wrong.
 */
class LimiterEdgeTest {

    private record Call(boolean allowed, long startedNanos, long endedNanos) {}

    private static final Duration LENGTH = Duration.ofMillis(400);
    private static final RedisPeer PEER = RedisPeer.start();
    private static final Redis REDIS = PEER.client();
    private static final Limiter LIMITER = TestLimits.limiter(PEER);

    private final String subject = "token:" + UUID.randomUUID();

    @AfterAll
    static void stop() {
        PEER.close();
    }

    @Test
    void aUnitIsFreeOneLengthAfterItWasAdmittedAndNotBefore() {
        var window = new Window("brief", 1, LENGTH);
        for (var round = 0; round < 5; round++) {
            var first = call(window);
            var next = call(window);
            while (!next.allowed) {
                assertTrue(next.startedNanos - first.endedNanos < LENGTH.toNanos());
                next = call(window);
            }
            assertTrue(next.endedNanos - first.startedNanos >= LENGTH.toNanos());
            RedisPeer.send(REDIS, "flushall");
        }
    }

    @Test
    void burstsAtTheEndOfOneSpanAndTheStartOfTheNextNeverExceedTheLimit() {
        var limit = 25;
        var window = new Window("brief", limit, LENGTH);
        var admitted = new ArrayList<Call>();
        var end = System.nanoTime() + LENGTH.toNanos() * 6;
        while (System.nanoTime() < end) {
            var call = call(window);
            if (call.allowed) {
                admitted.add(call);
            }
        }
        for (var i = 0; i + limit < admitted.size(); i++) {
            var span = admitted.get(i + limit).endedNanos - admitted.get(i).startedNanos;
            assertTrue(span >= LENGTH.toNanos());
        }
        assertTrue(admitted.size() >= 2 * limit, "Only " + admitted.size() + " were admitted in six lengths");
    }

    @Test
    void cellsThatOutlivedTheirStateAreNotCountedAgain() throws InterruptedException {
        var window = new Window("brief", 10, LENGTH);
        fill(window, 5);
        RedisPeer.send(REDIS, "del", "latchkey:limits:" + subject + ":400");
        fill(window, 5);
        var cells = RedisPeer.send(REDIS, "llen", "latchkey:limits:" + subject + ":400:1");
        assertNotNull(cells);
        assertTrue(cells.toLong() / 2 <= 5);
    }

    @Test
    void unitsWhoseCellsWereEvictedAreGivenBackInTime() throws InterruptedException {
        var window = new Window("brief", 100, LENGTH);
        fill(window, 50);
        RedisPeer.send(REDIS, "del", "latchkey:limits:" + subject + ":400:1");
        var end = System.nanoTime() + LENGTH.toNanos() * 2;
        while (System.nanoTime() < end) {
            fill(window, 1);
            Thread.sleep(20);
        }
        var left = decide(LIMITER, subject, 0, window).policies().getFirst().remaining();
        assertTrue(left >= 75, "Only " + left + " are left");
    }

    private void fill(Window window, int calls) throws InterruptedException {
        for (var i = 0; i < calls; i++) {
            assertTrue(decide(LIMITER, subject, 1, window).allowed());
            Thread.sleep(2);
        }
    }

    private Call call(Window window) {
        var started = System.nanoTime();
        var decision = decide(LIMITER, subject, 1, window);
        return new Call(decision.allowed(), started, System.nanoTime());
    }
}
