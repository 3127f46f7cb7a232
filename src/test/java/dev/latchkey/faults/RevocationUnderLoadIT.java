package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Instance;
import dev.latchkey.faults.Caller.Token;
import dev.latchkey.local.TestServices;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * After the 204 no call that begins is accepted on the same instance, and none on another that begins a second later: with all tokens hot in
 * the near caches, under load, with one instance cut off from Redis, whichever of the two revokes.
 */
class RevocationUnderLoadIT {

    private static final Caller CALLER = new Caller();

    private static Instance one;
    private static Instance other;
    private static CuttableLine toRedisOfOther;
    private static String session;

    @BeforeAll
    static void start() throws Exception {
        var redis = URI.create(TestServices.redis());
        toRedisOfOther = CuttableLine.to(redis.getPort());
        var settings = new HashMap<>(Map.of(
                "latchkey.limits.session.per-minute", "1000000000",
                "latchkey.limits.session.per-hour", "1000000000",
                "latchkey.limits.session.per-day", "1000000000"));
        one = Instance.start(settings);
        settings.put("quarkus.redis.hosts", "redis://" + redis.getUserInfo() + "@127.0.0.1:" + toRedisOfOther.port());
        other = Instance.start(settings);
        one.awaitReady();
        other.awaitReady();
        session = CALLER.logIn(one.base());
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        toRedisOfOther.close();
    }

    @Test
    void aThousandRevocationsWhileCallsRun() throws Exception {
        try (var load = load(1000)) {
            load.revoke(1000, session);
            Thread.sleep(1500);
            assertNoneLeaked(load);
        }
    }

    @Test
    void withOneInstancesConnectionsToRedisEnded() throws Exception {
        try (var load = load(200)) {
            load.revoke(50, session);
            toRedisOfOther.close(true);
            load.revoke(100, session);
            Thread.sleep(1500);
            toRedisOfOther.close(false);
            load.revoke(50, session);
            Thread.sleep(1500);
            assertNoneLeaked(load);
        }
    }

    @Test
    void withOneInstancesPacketsToRedisLost() throws Exception {
        try (var load = load(200)) {
            load.revoke(50, session);
            toRedisOfOther.silence(true);
            load.revoke(100, session);
            Thread.sleep(1500);
            toRedisOfOther.silence(false);
            load.revoke(50, session);
            Thread.sleep(1500);
            assertNoneLeaked(load);
        }
    }

    private static void assertNoneLeaked(RevocationLoad load) {
        System.out.printf(
                "Accepted %s; begun after the 204: %s on the same instance, %s a second later on the other; accepted of these: %s, %s%n",
                load.accepted, load.lateAtHome, load.lateElsewhere, load.leakedAtHome, load.leakedElsewhere);
        assertEquals(0, load.leakedAtHome.get(), "accepted on the same instance after the 204");
        assertEquals(0, load.leakedElsewhere.get(), "accepted on the other instance a second after the 204");
        assertTrue(load.lateAtHome.get() > 200 && load.lateElsewhere.get() > 200, "revoked tokens were tried");
    }

    private static RevocationLoad load(int tokens) throws InterruptedException {
        for (var instance : List.of(one, other)) {
            assertEquals(1, instance.metric("latchkey_near_cache_trusted"), "the near cache is in use");
        }
        return new RevocationLoad(List.of(one, other), newTokens(tokens)).start();
    }

    private static List<Token> newTokens(int count) throws InterruptedException {
        var creations = new ArrayList<Callable<Token>>();
        for (var i = 0; i < count; i++) {
            creations.add(() -> CALLER.newToken(one.base(), session));
        }
        try (var threads = Executors.newFixedThreadPool(4)) {
            return threads.invokeAll(creations).stream()
                    .map(created -> created.resultNow())
                    .toList();
        }
    }
}
