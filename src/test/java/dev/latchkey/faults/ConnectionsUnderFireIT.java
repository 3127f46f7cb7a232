package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.api.Instance;
import dev.latchkey.api.OwnDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two instances keep connections alive while their provider fails, one of them is killed, or all is due at once. */
class ConnectionsUnderFireIT {

    private static final int CONNECTIONS = Integer.getInteger("latchkey.connections", 200);
    private static final int LIFE_SECONDS = Integer.getInteger("latchkey.life", 30);
    private static final int CALLERS = 4;

    private static final OwnDatabase DATABASE = OwnDatabase.create("connections_under_fire");
    private static final Map<String, String> SETTINGS = DATABASE.settings(Map.of(
            "latchkey.oauth.discovery",
            "any",
            // So that whoever was killed is not waited for that long.
            "latchkey.oauth.timeout",
            "2s",
            "latchkey.connections.retry-after",
            "500ms",
            "latchkey.connections.longest-retry-after",
            "2s",
            // One administrator, from one address, connects them all.
            "latchkey.limits.session.per-minute",
            "1000000",
            "latchkey.limits.session.per-hour",
            "1000000",
            "latchkey.limits.anonymous.per-minute",
            "1000000",
            "latchkey.limits.anonymous.per-hour",
            "1000000"));

    private static Instance one;
    private static Instance other;
    private static ConnectionCalls calls;

    @BeforeAll
    static void start() throws Exception {
        one = Instance.start(SETTINGS);
        other = Instance.start(SETTINGS);
        one.awaitReady();
        other.awaitReady();
        calls = new ConnectionCalls(one.base());
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    private static long connect(RotatingProvider provider, String client) throws IOException, InterruptedException {
        var number = calls.register(one.base(), client, "secret", provider.name());
        calls.connect(one.base(), number);
        return number;
    }

    @Test
    void aProviderThatIsDownForLongerThanAnyPauseCostsNobodyACallWhileTokensLive() throws Exception {
        try (var provider = new RotatingProvider(60);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            connect(provider, "down");
            provider.goesDown(true);
            var end = Instant.now().plusSeconds(10);
            var asking = new ArrayList<Future<Integer>>();
            for (var caller = 0; caller < CALLERS; caller++) {
                for (var instance : new Instance[] {one, other}) {
                    asking.add(threads.submit(() -> askUntil(end, instance)));
                }
            }
            var asked = 0;
            for (var caller : asking) {
                asked += caller.get();
            }
            System.out.printf("%d calls answered while the provider failed %d times%n", asked, provider.failures());
            assertTrue(provider.failures() > 2, "it was not asked");
            provider.goesDown(false);
            Eventually.within(30, () -> assertNotEquals("a1", calls.accessToken(other.base(), "down")));
            assertEquals(0, provider.usedTwice());
        }
    }

    private static int askUntil(Instant end, Instance instance) throws Exception {
        var asked = 0;
        while (Instant.now().isBefore(end)) {
            // More than is left: each wants a refresh.
            var answer = calls.token(instance.base(), "down", 59);
            assertEquals(200, answer.statusCode(), answer::body);
            asked++;
            Thread.sleep(20);
        }
        return asked;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoIsKilledBetweenTheAnswerAndItsWritingLosesNothingUnseen(boolean providerForgives) throws Exception {
        var branch = "killed-" + providerForgives;
        try (var provider = new RotatingProvider(600);
                var victim = Instance.start(SETTINGS).awaitReady()) {
            provider.forgivesASecondUse(providerForgives);
            var number = connect(provider, branch);
            provider.beforeAnswer(() -> {
                provider.beforeAnswer(() -> {});
                victim.kill();
            });
            try {
                calls.refresh(victim.base(), number);
            } catch (UncheckedIOException e) {
                // It was killed.
            }
            assertEquals(1, provider.refreshes());
            // The old token has life left, and is served.
            assertEquals("a1", calls.accessToken(other.base(), branch));
            if (providerForgives) {
                Eventually.within(
                        60,
                        () -> assertEquals(
                                200, calls.refresh(other.base(), number).statusCode()));
                assertNotEquals("a1", calls.accessToken(other.base(), branch));
            } else {
                Eventually.within(60, () -> {
                    var refused = calls.refresh(other.base(), number);
                    assertEquals(409, refused.statusCode(), refused::body);
                    assertTrue(refused.body().contains("refresh_interrupted"), refused::body);
                });
                assertEquals("a1", calls.accessToken(other.base(), branch));
                assertEquals(
                        "refresh_interrupted",
                        DATABASE.value(
                                "select details->>'reason' from audit_log where action = 'oauth_grant.reauthorization_required'"));
            }
        }
    }

    @Test
    void whatIsDueIsRefreshedAheadOnceByWhoeverOfTheTwoComesFirst() throws Exception {
        try (var provider = new RotatingProvider(LIFE_SECONDS);
                var threads = Executors.newFixedThreadPool(2 * CALLERS)) {
            var connecting = new ArrayList<Future<Long>>();
            for (var i = 0; i < CONNECTIONS; i++) {
                var client = "ahead-" + i;
                connecting.add(threads.submit(() -> connect(provider, client)));
            }
            for (var each : connecting) {
                each.get();
            }
            var due = due();
            Eventually.within(
                    2 * LIFE_SECONDS,
                    () -> assertEquals(CONNECTIONS, provider.firstRefreshes().size()));
            assertEquals(0, provider.usedTwice());
            assertEquals(
                    "0",
                    DATABASE.value("select count(*) from oauth_grants where state <> 'connected' or failures > 0"));
            report(provider, due);
            var first = one.metric("latchkey_connection_refreshes_total{outcome=\"granted\"}");
            var second = other.metric("latchkey_connection_refreshes_total{outcome=\"granted\"}");
            System.out.printf("Shared: %.0f and %.0f%n", first, second);
            assertTrue(first > 0 && second > 0, "One did all the work");
        }
    }

    private static Map<String, Instant> due() {
        var due = new HashMap<String, Instant>();
        for (var line : DATABASE.value("""
                select string_agg(client_oauth_id || ' ' || extract(epoch from due_at), ',')
                from oauth_grants join oauth_clients on id = client_id where last_refreshed_at is null""").split(",")) {
            var parts = line.split(" ");
            due.put(parts[0], Instant.ofEpochMilli((long) (Double.parseDouble(parts[1]) * 1000)));
        }
        return due;
    }

    private static void report(RotatingProvider provider, Map<String, Instant> due) {
        var lags = due.entrySet().stream()
                .map(one -> Duration.between(
                        one.getValue(), provider.firstRefreshes().get(one.getKey())))
                .sorted()
                .toList();
        System.out.printf(
                "%d connections of %d s refreshed ahead, after they were due: median %s, 99%% within %s, all within %s%n",
                lags.size(), LIFE_SECONDS, lags.get(lags.size() / 2), lags.get(lags.size() * 99 / 100), lags.getLast());
    }
}
