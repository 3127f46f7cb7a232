package dev.latchkey.platform.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisAvailabilityTest {

    private static final Duration AWAIT = Duration.ofSeconds(30);

    private final RedisPeer peer = RedisPeer.start();
    private final Redis redis = peer.client();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final RedisAvailability availability = peer.availability(redis, metrics);

    @AfterEach
    void stop() {
        peer.close();
    }

    @Test
    void passesAnswersAndAbsentAnswersThrough() {
        assertEquals("PONG", ping().await().atMost(AWAIT).toString());
        var absent = availability.call(() -> redis.send(Request.cmd(Command.GET).arg("nothing")));
        assertEquals(null, absent.await().atMost(AWAIT));
        assertFalse(availability.isAway());
    }

    @Test
    void aFaultyCommandIsNotAnAbsence() {
        RedisPeer.send(redis, "set", "text", "x");
        for (var faulty : new Request[] {
            Request.cmd(Command.LPUSH).arg("text").arg("y"),
            Request.cmd(Command.EVALSHA).arg("0".repeat(40)).arg(0),
            Request.cmd(Command.EVAL).arg("not lua").arg(0)
        }) {
            var call = availability
                    .call(() -> redis.send(faulty))
                    .onItemOrFailure()
                    .transform((item, failure) -> failure);
            assertFalse(call.await().atMost(AWAIT) instanceof RedisAwayException);
            assertFalse(availability.isAway());
        }
    }

    @Test
    void aRedisThatServesNobodyIsAway() {
        RedisPeer.send(redis, "config", "set", "maxmemory", "1");
        var write = availability.call(
                () -> redis.send(Request.cmd(Command.SET).arg("k").arg("v")));
        assertThrows(RedisAwayException.class, () -> write.await().atMost(AWAIT));
        assertTrue(availability.isAway());
    }

    @Test
    void aRedisWithoutTheDatabaseThatIsConfiguredIsAway() {
        var lost = peer.client("/16");
        var asked = peer.availability(lost, new SimpleMeterRegistry());
        var called = peer.availability(lost, new SimpleMeterRegistry());
        var ping = Request.cmd(Command.PING);
        var answer =
                asked.ask(() -> lost.getDelegate().send(ping.getDelegate())).toCompletableFuture();
        assertThrows(ExecutionException.class, () -> answer.get(AWAIT.toSeconds(), TimeUnit.SECONDS));
        assertThrows(
                RedisAwayException.class,
                () -> called.call(() -> lost.send(ping)).await().atMost(AWAIT));
        assertTrue(asked.isAway());
        assertTrue(called.isAway());
    }

    @Test
    void whileAwayNothingIsSentUntilOneCallFindsItBack() throws InterruptedException {
        peer.stopServer();
        assertThrows(RedisAwayException.class, () -> ping().await().atMost(AWAIT));
        assertEquals(0, metrics.get("latchkey_redis_available").gauge().value());
        var sent = new AtomicInteger();
        for (var calls = 0; calls < 1000; calls++) {
            var counted = availability.call(() -> {
                sent.incrementAndGet();
                return redis.send(Request.cmd(Command.PING));
            });
            assertThrows(RedisAwayException.class, () -> counted.await().atMost(AWAIT));
        }
        assertTrue(sent.get() < 500);
        peer.startServer();
        for (var tries = 0; tries < 200 && availability.isAway(); tries++) {
            availability.ping().await().atMost(AWAIT);
            Thread.sleep(50);
        }
        assertFalse(availability.isAway());
    }

    @Test
    void noAnswerEndsWithItsTimeoutAndThreeOfThemMeanAway() {
        ping().await().atMost(AWAIT);
        RedisPeer.send(peer.client(), "client", "pause", 60_000);
        for (var calls = 0; calls < 3; calls++) {
            assertFalse(availability.isAway());
            var unanswered = availability.call(Duration.ofMillis(50), () -> redis.send(Request.cmd(Command.PING)));
            assertThrows(RedisAwayException.class, () -> unanswered.await().atMost(AWAIT));
        }
        assertTrue(availability.isAway());
    }

    private Uni<Response> ping() {
        return availability.call(() -> redis.send(Request.cmd(Command.PING)));
    }
}
