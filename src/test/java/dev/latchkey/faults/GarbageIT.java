package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.api.Instance;
import dev.latchkey.faults.Garbage.Way;
import dev.latchkey.local.StoppableServices;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is no credential is refused without a word to Redis or PostgreSQL, in whatever way it comes. They count themselves what they are
 * asked, next to what they are asked while nobody calls. How many texts: {@code -Dlatchkey.garbage=1000000}.
 */
class GarbageIT {

    /** What Redis and PostgreSQL were asked so far. */
    private record Asked(Map<String, Long> commands, long transactions, long at) {

        /** So late does PostgreSQL hear of the last transactions of connections that rest. */
        private static Asked whenAllIsReported() throws Exception {
            Thread.sleep(REPORTED_WITHIN);
            return now();
        }

        private static Asked now() throws Exception {
            return new Asked(services.redisCommands(), transactionsSoFar(), System.nanoTime());
        }

        private Asked since(Asked before) {
            var more = new TreeMap<String, Long>();
            commands.forEach((name, calls) -> {
                var added = calls - before.commands.getOrDefault(name, 0L);
                if (added > 0) {
                    more.put(name, added);
                }
            });
            return new Asked(more, transactions - before.transactions, at - before.at);
        }

        private long redis() {
            return commands.values().stream().mapToLong(calls -> calls).sum();
        }

        @Override
        public String toString() {
            return "%d s: %d commands %s, %d transactions"
                    .formatted(at / 1_000_000_000, redis(), commands, transactions);
        }
    }

    private static final int TEXTS = Integer.getInteger("latchkey.garbage", 20_000);
    private static final Map<Way, Integer> SHARES = Map.of(
            Way.VERIFY,
            TEXTS / 10,
            Way.VERIFY_BATCH,
            7 * TEXTS / 10,
            Way.FORWARD_AUTH,
            TEXTS / 10,
            Way.OWN_CALL,
            TEXTS / 10);
    private static final int MOST_IN_A_ROUND = 1000;
    private static final int FORGED = 400;
    private static final Duration REPORTED_WITHIN = Duration.ofSeconds(11);
    private static final Caller CALLER = new Caller();

    private static StoppableServices services;
    private static Instance instance;
    private static Garbage garbage;
    private static Asked background;

    @BeforeAll
    static void start() throws Exception {
        services = StoppableServices.start();
        var settings = new HashMap<>(services.settings());
        settings.put("latchkey.limits.timeout", "20s");
        settings.put("latchkey.redis.timeout", "20s");
        instance = Instance.start(settings).awaitReady();
        var session = CALLER.logIn(instance.base());
        var gateway = CALLER.newToken(instance.base(), session, Map.of("scopes", List.of("verify:tokens")));
        var asker = new Asker(gateway.text());
        asker.verify(instance.base(), gateway, 1);
        garbage = new Garbage(asker, gateway);
        // Until classes are loaded, connections made, and what was done so far is moved.
        for (var way : Way.values()) {
            garbage.send(instance.base(), way, 400);
        }
        Eventually.within(60, () -> assertEquals(0, instance.metric("latchkey_usage_stream_lag")));
        var before = Asked.whenAllIsReported();
        background = Asked.whenAllIsReported().since(before);
        System.out.println("While nobody calls, in " + background);
    }

    @AfterAll
    static void stop() {
        instance.close();
        services.close();
    }

    @Test
    void garbageCostsNeitherRedisNorPostgresAnything() throws Exception {
        var first = Asked.whenAllIsReported();
        var loads = loads();
        var decisions = decisions();
        for (var share : SHARES.entrySet()) {
            var before = Asked.now();
            var sent = sendInRoundsWithoutLoads(share.getKey(), share.getValue());
            var asked = Asked.now().since(before);
            System.out.printf("%d texts by %s, in %s%n", sent, share.getKey(), asked);
            assertTrue(asked.redis() < allowed(background.redis(), asked), asked.toString());
        }
        assertEquals(decisions, decisions(), "limits were looked at");
        var asked = Asked.whenAllIsReported().since(first);
        loads = loads() - loads;
        System.out.printf("All of it, with %.0f loads of who asked, in %s%n", loads, asked);
        assertTrue(asked.transactions() < allowed(background.transactions(), asked) + 2 * loads, asked.toString());
    }

    @Test
    void whatLooksLikeAJwtCostsItsAddressTwoLooksAtLimitsAndPostgresNothing() throws Exception {
        var before = Asked.now();
        var loads = loads();
        var decisions = decisions();
        garbage.sendForgedJwts(instance.base(), FORGED);
        System.out.printf("%d forged JWTs, in %s%n", FORGED, Asked.now().since(before));
        assertEquals(decisions + 2 * FORGED, decisions(), "once before the signature, once for the refusal");
        assertTrue(loads() < loads + FORGED / 10.0, "PostgreSQL was asked");
    }

    /** On a machine so busy that near caches are bypassed at times, who asks is loaded then, whatever was asked: such rounds do not count. */
    private static int sendInRoundsWithoutLoads(Way way, int texts) throws Exception {
        var rounds = Math.max(10, texts / MOST_IN_A_ROUND);
        var good = 0;
        for (var round = 1; good < rounds; round++) {
            assertTrue(round <= 10 * rounds, "PostgreSQL is asked each time");
            var before = loads();
            garbage.send(instance.base(), way, texts / rounds);
            good += loads() == before ? 1 : 0;
        }
        return good * (texts / rounds);
    }

    // The caller who verifies is recorded once a minute; and what is done by the clock is not done evenly.
    private static long allowed(long inBackground, Asked asked) {
        return 2 * inBackground * asked.at() / background.at() + 100;
    }

    private static double loads() throws Exception {
        return counted("latchkey_near_cache_misses_total");
    }

    private static double decisions() throws Exception {
        return counted("latchkey_limit_decisions_total");
    }

    private static double counted(String metric) throws Exception {
        return CALLER.call("GET", instance.management() + "/q/metrics", "", "")
                .body()
                .lines()
                .filter(line -> line.startsWith(metric))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static long transactionsSoFar() throws SQLException {
        try (var connection = services.database().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()")) {
            row.next();
            return row.getLong(1);
        }
    }
}
