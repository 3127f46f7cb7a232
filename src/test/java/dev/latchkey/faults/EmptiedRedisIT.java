package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.api.Instance;
import dev.latchkey.api.Together;
import dev.latchkey.faults.Caller.Token;
import dev.latchkey.local.StoppableServices;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Redis loses all that it has while two instances are under load: no revoked token is accepted, what PostgreSQL has counted stays counted,
 * nothing is counted twice, and limits, credits and metering go on. Lost are only events that Redis had and PostgreSQL had not.
 */
class EmptiedRedisIT {

    private static final int LIMIT = 20;
    private static final int CREDITS = 100;
    private static final int REVOKED = 10;
    private static final Caller CALLER = new Caller();

    private static StoppableServices services;
    private static List<Instance> instances;
    private static String session;
    private static Asker asker;

    @BeforeAll
    static void start() throws Exception {
        services = StoppableServices.start();
        var settings = new HashMap<>(services.settings());
        settings.put("latchkey.limits.session.per-minute", "1000000");
        settings.put("latchkey.limits.session.per-hour", "1000000");
        // A busy build machine must not turn an exact decision into a local one.
        settings.put("latchkey.limits.timeout", "10s");
        settings.put("latchkey.redis.timeout", "10s");
        instances = List.of(Instance.start(settings), Instance.start(settings));
        instances.forEach(Instance::awaitReady);
        session = CALLER.logIn(base(0));
        asker = new Asker(newToken(Map.of("scopes", List.of("verify:tokens"))).text());
    }

    @AfterAll
    static void stop() {
        instances.forEach(Instance::close);
        services.close();
    }

    @Test
    void whileItRuns() throws Exception {
        assertOnlyItsOwnIsLost(services::emptyRedis);
    }

    @Test
    void asItIsKilledAndStartedWithNothing() throws Exception {
        assertOnlyItsOwnIsLost(services::replaceRedis);
    }

    private static void assertOnlyItsOwnIsLost(Runnable fault) throws Exception {
        awaitHealth();
        var before = newToken(Map.of());
        var limited = newToken(Map.of("rate_limits", Map.of("per_minute", LIMIT)));
        var credited = newToken(Map.of("credits", CREDITS));
        assertEquals(50, validOf(50, before));
        assertEquals(LIMIT, validOf(2 * LIMIT, limited));
        assertEquals(CREDITS / 2, validOf(CREDITS / 2, credited));
        awaitCounted(before, 50);
        awaitCounted(credited, CREDITS / 2);
        var metered = newToken(Map.of());
        var revoked = new RevokedTokens(asker, instances, session);
        revoked.revokeMore(REVOKED);
        var load = new MeteredLoad(List.of(() -> base(0), () -> base(1)), metered).start();
        try (load;
                revoked) {
            revoked.start();
            Thread.sleep(2000);
            fault.run();
            revoked.revokeMore(REVOKED);
            assertServiceGoesOn(limited, credited);
        }
        System.out.printf("Revoked tokens were tried %d times%n", revoked.tried());
        assertEquals(0, revoked.accepted(), "revoked tokens were accepted");
        assertTrue(revoked.tried() > 50, "revoked tokens were tried");
        awaitCounted(before, 50);
        assertEachIsCountedOnceOrWasLostThen(load, metered);
    }

    private static void assertServiceGoesOn(Token limited, Token credited) throws Exception {
        awaitHealth();
        assertEquals(LIMIT, validOf(2 * LIMIT, limited), "limits begin anew, and are exact");
        assertEquals(CREDITS / 2, validOf(CREDITS, credited), "credits come from the ledger");
        var after = newToken(Map.of());
        assertEquals(50, validOf(50, after));
        awaitCounted(after, 50);
        awaitCounted(credited, CREDITS / 2 + CREDITS);
        assertEquals(
                List.of("0"), rows("select balance from credit_accounts where id = '%s'".formatted(credited.id())));
    }

    /** Calls are counted but for some that were answered in the moment before Redis forgot them. */
    private static void assertEachIsCountedOnceOrWasLostThen(MeteredLoad load, Token token) throws Exception {
        Eventually.within(
                60, () -> instances.forEach(instance -> assertEquals(0, instance.metric("latchkey_usage_stream_lag"))));
        var events = rows("select request_id from token_usage_events where credential_id = '%s'".formatted(token.id()));
        var distinct = new HashSet<>(events);
        assertEquals(events.size(), distinct.size(), "counted twice");
        var lost = new HashSet<>(load.answers().keySet());
        lost.removeAll(distinct);
        System.out.printf(
                "Answered %d, unanswered %d, lost %d%n",
                load.answers().size(), load.unanswered().size(), lost.size());
        assertTrue(lost.size() < load.answers().size() / 4, "lost: " + lost.size());
        distinct.removeAll(load.answers().keySet());
        distinct.removeAll(load.unanswered());
        assertEquals(0, distinct.size(), "counted and never asked: " + distinct);
        assertEquals(
                List.of(Integer.toString(events.size())),
                rows("select sum(requests) from usage_aggregates where credential_id = '%s'".formatted(token.id())));
        for (var instance : instances) {
            assertEquals(0, instance.metric("latchkey_usage_events_lost_total"), "lost without being told");
        }
    }

    private static void awaitHealth() {
        for (var instance : instances) {
            Eventually.within(60, () -> {
                assertEquals(1, instance.metric("latchkey_redis_available"));
                assertEquals(1, instance.metric("latchkey_near_cache_trusted"));
            });
        }
    }

    private static void awaitCounted(Token token, int calls) {
        for (var table : List.of("sum(calls) from token_usage_events", "sum(requests) from usage_aggregates")) {
            var sum = "select %s where credential_id = '%s'".formatted(table, token.id());
            Eventually.within(60, () -> assertEquals(List.of(Integer.toString(calls)), rows(sum)));
        }
    }

    private static int validOf(int times, Token token) {
        return Collections.frequency(
                Together.run(10, thread -> {
                            var codes = new ArrayList<Boolean>();
                            for (var i = thread; i < times; i += 10) {
                                codes.add(isValid(base(i / 10 % 2), token));
                            }
                            return codes;
                        })
                        .stream()
                        .flatMap(List::stream)
                        .toList(),
                true);
    }

    private static boolean isValid(String base, Token token) {
        try {
            return asker.verify(base, token, 1).isValid();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base(int number) {
        return instances.get(number).base();
    }

    private static Token newToken(Map<String, ?> fields) throws IOException, InterruptedException {
        return CALLER.newToken(base(0), session, fields);
    }

    private static List<String> rows(String sql) {
        try (var connection = services.database().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
