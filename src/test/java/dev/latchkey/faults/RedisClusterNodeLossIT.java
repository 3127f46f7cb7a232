package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.api.Instance;
import dev.latchkey.api.OwnDatabase;
import dev.latchkey.local.RedisCluster;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One node of a Redis Cluster is killed under load, and comes back: calls are answered all the time, and each is counted once. */
class RedisClusterNodeLossIT {

    private static final long AWAY_MILLIS = 8000;
    private static final Caller CALLER = new Caller();

    private record Verified(AtomicInteger answered, AtomicInteger unanswered, AtomicBoolean stopping) {}

    @Test
    void oneNodeOfThreeIsKilledAndComesBack() throws Exception {
        try (var cluster = RedisCluster.start()) {
            var database = OwnDatabase.create("redis_cluster_loss");
            var settings = new HashMap<>(database.settings(cluster.settings()));
            settings.put("latchkey.redis.partitions", "8");
            settings.put("latchkey.limits.session.per-minute", "1000000");
            try (var one = Instance.start(settings).awaitReady();
                    var other = Instance.start(settings).awaitReady()) {
                loseANode(cluster, database, one, other);
                for (var instance : List.of(one, other)) {
                    assertFalse(instance.log().contains(cluster.password()), "the password is in the log");
                    assertTrue(instance.log().contains("Redis is away"), "the loss was noticed");
                }
            }
        }
    }

    private static void loseANode(RedisCluster cluster, OwnDatabase database, Instance one, Instance other)
            throws Exception {
        var session = CALLER.logIn(one.base());
        var own = CALLER.newToken(one.base(), session);
        var presented = CALLER.newToken(one.base(), session);
        var verified = new Verified(new AtomicInteger(), new AtomicInteger(), new AtomicBoolean());
        var load = new MeteredLoad(List.of(one::base, other::base), own).start();
        var verifying = Thread.ofPlatform().start(() -> verifyUntilTheEnd(one.base(), session, presented, verified));
        try (load) {
            Thread.sleep(2000);
            cluster.kill(1);
            Thread.sleep(AWAY_MILLIS);
            assertEquals(200, CALLER.call("GET", one.base() + "/health", "", "").statusCode());
            cluster.startAgain(1);
            for (var instance : List.of(one, other)) {
                Eventually.within(30, () -> assertEquals(1, instance.metric("latchkey_redis_available")));
            }
            Thread.sleep(2000);
        } finally {
            verified.stopping().set(true);
            verifying.join();
        }
        assertEquals(Set.of(200), Set.copyOf(load.answers().values()), "each call was answered as it should be");
        assertEquals(Set.of(), load.unanswered());
        assertEquals(0, verified.unanswered().get());
        assertTrue(load.answers().size() > 200 && verified.answered().get() > 20, "there was load");
        awaitCounted(database, own.id(), load.answers().size());
        awaitCounted(database, presented.id(), verified.answered().get());
        for (var instance : List.of(one, other)) {
            Eventually.within(30, () -> assertEquals(0, instance.metric("latchkey_usage_stream_lag")));
            assertEquals(0, instance.metric("latchkey_usage_events_lost_total"));
        }
    }

    private static void verifyUntilTheEnd(String base, String session, Caller.Token token, Verified verified) {
        var body = "{\"token\":\"" + token.text() + "\"}";
        while (!verified.stopping().get()) {
            try {
                var answer = CALLER.call("POST", base + "/api/v1/verify", session, body);
                (answer.statusCode() == 200 ? verified.answered() : verified.unanswered()).incrementAndGet();
                Thread.sleep(20);
            } catch (IOException e) {
                verified.unanswered().incrementAndGet();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void awaitCounted(OwnDatabase database, String token, int calls) {
        var events = "select coalesce(sum(calls), 0) from token_usage_events where credential_id = '%s'";
        var totals = "select coalesce(sum(requests), 0) from usage_aggregates where credential_id = '%s'";
        for (var sum : List.of(events, totals)) {
            Eventually.within(60, () -> assertEquals(Integer.toString(calls), database.value(sum.formatted(token))));
        }
    }
}
