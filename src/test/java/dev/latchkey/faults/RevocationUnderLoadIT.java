package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
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
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * After the 204 no call that begins is accepted on the same instance, and none on another that begins a second later: over three instances,
 * with all tokens hot in the near caches, under load, with one instance cut off from Redis, whichever of them revokes. How many tokens:
 * {@code -Dlatchkey.revocations=1000}.
 */
class RevocationUnderLoadIT {

    private static final int TOKENS = Integer.getInteger("latchkey.revocations", 200);
    private static final Caller CALLER = new Caller();

    private static List<Instance> instances;
    private static CuttableLine toRedisOfOne;
    private static String session;
    private static Asker asker;

    @BeforeAll
    static void start() throws Exception {
        var redis = URI.create(TestServices.redis());
        toRedisOfOne = CuttableLine.to(redis.getPort());
        var settings = new HashMap<>(Map.of(
                "latchkey.limits.session.per-minute", "1000000000",
                "latchkey.limits.session.per-hour", "1000000000",
                "latchkey.limits.session.per-day", "1000000000"));
        var whole = List.of(Instance.start(settings), Instance.start(settings));
        settings.put("quarkus.redis.hosts", "redis://" + redis.getUserInfo() + "@127.0.0.1:" + toRedisOfOne.port());
        instances = List.of(whole.getFirst(), whole.getLast(), Instance.start(settings));
        instances.forEach(Instance::awaitReady);
        var base = instances.getFirst().base();
        session = CALLER.logIn(base);
        asker = new Asker(CALLER.newToken(base, session, Map.of("scopes", List.of("verify:tokens")))
                .text());
    }

    @AfterAll
    static void stop() {
        instances.forEach(Instance::close);
        toRedisOfOne.close();
    }

    @Test
    void revocationsWhileCallsRun() throws Exception {
        try (var load = load(TOKENS)) {
            load.revoke(TOKENS, session);
            Thread.sleep(1500);
            assertNoneLeaked(load);
        }
    }

    @Test
    void withOneInstancesConnectionsToRedisEnded() throws Exception {
        revokeWhileCut(toRedisOfOne::close);
    }

    @Test
    void withOneInstancesPacketsToRedisLost() throws Exception {
        revokeWhileCut(toRedisOfOne::silence);
    }

    private static void revokeWhileCut(Consumer<Boolean> cut) throws Exception {
        try (var load = load(TOKENS / 2)) {
            load.revoke(TOKENS / 8, session);
            cut.accept(true);
            load.revoke(TOKENS / 4, session);
            Thread.sleep(1500);
            cut.accept(false);
            load.revoke(TOKENS / 8, session);
            Thread.sleep(1500);
            assertNoneLeaked(load);
        }
    }

    private static void assertNoneLeaked(RevocationLoad load) {
        System.out.printf(
                "Accepted %s; begun after the 204: %s on the same instance, %s a second later on the others; accepted of these: %s, %s%n",
                load.accepted, load.lateAtHome, load.lateElsewhere, load.leakedAtHome, load.leakedElsewhere);
        assertEquals(0, load.leakedAtHome.get(), "accepted on the same instance after the 204");
        assertEquals(0, load.leakedElsewhere.get(), "accepted on another instance a second after the 204");
        assertTrue(load.lateAtHome.get() > 200 && load.lateElsewhere.get() > 200, "revoked tokens were tried");
    }

    private static RevocationLoad load(int tokens) throws InterruptedException {
        for (var instance : instances) {
            Eventually.within(30, () -> assertEquals(1, instance.metric("latchkey_near_cache_trusted")));
        }
        return new RevocationLoad(asker, instances, newTokens(tokens)).start();
    }

    private static List<Token> newTokens(int count) throws InterruptedException {
        var creations = new ArrayList<Callable<Token>>();
        for (var i = 0; i < count; i++) {
            creations.add(() -> CALLER.newToken(instances.getFirst().base(), session));
        }
        try (var threads = Executors.newFixedThreadPool(4)) {
            return threads.invokeAll(creations).stream()
                    .map(created -> created.resultNow())
                    .toList();
        }
    }
}
