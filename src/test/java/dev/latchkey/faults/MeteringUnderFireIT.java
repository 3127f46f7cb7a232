package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Instance;
import dev.latchkey.local.StoppableServices;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every answered call is counted once, in the events and in the daily totals, whatever is stopped or killed meanwhile. Two processes of
 * the service consume one stream. How long something is away: {@code -Dlatchkey.faults.away-seconds=60}.
 */
class MeteringUnderFireIT {

    private static final Duration AWAY = Duration.ofSeconds(Long.getLong("latchkey.faults.away-seconds", 15));
    private static final Duration WARM = Duration.ofSeconds(2);
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);
    private static final Caller CALLER = new Caller();

    private static StoppableServices services;
    private static Instance one;
    private static Instance other;

    private interface Fault {
        void happen() throws Exception;
    }

    @BeforeAll
    static void start() {
        services = StoppableServices.start();
        one = newInstance().awaitReady();
        other = newInstance().awaitReady();
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        services.close();
    }

    @AfterEach
    void awaitHealth() {
        one.awaitReady();
        other.awaitReady();
    }

    @Test
    void twoConsumersOnOneStream() throws Exception {
        assertEachAnsweredCallIsCountedOnce(() -> Thread.sleep(AWAY.dividedBy(3)));
    }

    @Test
    void redisIsRestarted() throws Exception {
        assertEachAnsweredCallIsCountedOnce(() -> {
            services.stopRedis();
            services.startRedis();
        });
    }

    @Test
    void redisIsKilledAndStartedAgain() throws Exception {
        assertEachAnsweredCallIsCountedOnce(() -> {
            services.killRedis();
            services.startRedis();
        });
    }

    @Test
    void redisIsAwayForAWhile() throws Exception {
        assertEachAnsweredCallIsCountedOnce(() -> {
            services.stopRedis();
            Thread.sleep(AWAY);
            services.startRedis();
        });
    }

    @Test
    void postgresIsAwayForAWhile() throws Exception {
        assertEachAnsweredCallIsCountedOnce(() -> {
            services.stopPostgres();
            awaitTrust();
            Thread.sleep(AWAY);
            services.startPostgres();
        });
    }

    @Test
    void theServiceIsKilledWhileItAnswers() throws Exception {
        assertEachAnsweredCallIsCountedOnce(() -> {
            other.kill();
            other = newInstance().awaitReady();
        });
    }

    private static void assertEachAnsweredCallIsCountedOnce(Fault fault) throws Exception {
        one.awaitReady();
        var token = CALLER.newToken(one.base(), CALLER.logIn(one.base()));
        var load = new MeteredLoad(List.of(() -> one.base(), () -> other.base()), token).start();
        try (load) {
            Thread.sleep(WARM);
            fault.happen();
            Thread.sleep(WARM);
        }
        // One that was refused for want of PostgreSQL is counted if it was known whose it was.
        var counted = new HashSet<String>();
        load.answers().entrySet().stream()
                .filter(answer -> answer.getValue() < 500)
                .forEach(answer -> counted.add(answer.getKey()));
        var events = settledEvents(token.id(), counted);
        var twice = new ArrayList<>(events);
        var distinct = new HashSet<>(events);
        distinct.forEach(twice::remove);
        System.out.printf(
                "Answered %s, unanswered %d; events %d%n",
                byStatus(load.answers()), load.unanswered().size(), events.size());
        assertEquals(List.of(), twice, "counted twice");
        counted.removeAll(distinct);
        assertEquals(0, counted.size(), "answered and not counted: " + counted);
        distinct.removeAll(load.answers().keySet());
        distinct.removeAll(load.unanswered());
        assertEquals(0, distinct.size(), "counted and never asked: " + distinct);
        assertEquals(events.size(), totals(token.id()), "the daily totals are the sum of the events");
        assertEquals(0, one.metric("latchkey_usage_events_lost_total"));
        var served =
                load.answers().values().stream().filter(status -> status == 200).count();
        assertTrue(served > 50, "there was load, and it was served: " + byStatus(load.answers()));
    }

    // What is cached goes on being served while PostgreSQL is down, for the rest of its life.
    private static void awaitTrust() throws InterruptedException {
        Thread.sleep(WARM);
        for (var i = 0; one.metric("latchkey_near_cache_trusted") < 1; i++) {
            assertTrue(i < 50, "the near cache is in use");
            Thread.sleep(100);
        }
    }

    /** The request ids of the events of a token, once all that are awaited are there and no more come. */
    private static List<String> settledEvents(String token, HashSet<String> awaited) throws Exception {
        var end = Instant.now().plus(SETTLED_WITHIN);
        var events = events(token);
        var before = -1;
        while ((!events.containsAll(awaited) || events.size() != before)
                && Instant.now().isBefore(end)) {
            before = events.size();
            Thread.sleep(2000);
            events = events(token);
        }
        return events;
    }

    private static Instance newInstance() {
        var settings = new HashMap<>(services.settings());
        settings.put("latchkey.limits.session.per-minute", "1000000");
        return Instance.start(settings);
    }

    private static List<String> events(String token) throws SQLException {
        return rows("select request_id from token_usage_events where credential_id = '%s'".formatted(token));
    }

    private static long totals(String token) throws SQLException {
        var sum = "select coalesce(sum(requests), 0) from usage_aggregates where credential_id = '%s'";
        return Long.parseLong(rows(sum.formatted(token)).getFirst());
    }

    private static List<String> rows(String sql) throws SQLException {
        try (var connection = services.database().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }

    private static Map<Integer, Integer> byStatus(Map<String, Integer> answers) {
        var counts = new TreeMap<Integer, Integer>();
        answers.values().forEach(status -> counts.merge(status, 1, Integer::sum));
        return counts;
    }
}
