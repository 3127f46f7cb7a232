package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.api.Eventually;
import dev.latchkey.api.Instance;
import dev.latchkey.api.OwnDatabase;
import dev.latchkey.api.Together;
import dev.latchkey.faults.Caller.Token;
import dev.latchkey.local.RedisCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is promised with one Redis holds with a Redis Cluster of three nodes too, over two processes of the packaged service. */
class RedisClusterIT {

    private static final int LIMIT = 50;
    private static final int PASSWORDS = 30;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Caller CALLER = new Caller();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static RedisCluster cluster;
    private static OwnDatabase database;
    private static Instance one;
    private static Instance other;
    private static String session;

    @BeforeAll
    static void start() throws Exception {
        cluster = RedisCluster.start();
        database = OwnDatabase.create("redis_cluster");
        one = Instance.start(settings(8)).awaitReady();
        other = Instance.start(settings(8)).awaitReady();
        session = CALLER.logIn(one.base());
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        cluster.close();
    }

    @Test
    void ofTwentyTimesTheLimitExactlyTheLimitIsAdmittedAndEachUseIsCounted() throws Exception {
        // Several, so that they are decided on several nodes.
        for (var i = 0; i < 6; i++) {
            var token = token(Map.of("rate_limits", Map.of("per_minute", LIMIT)));
            var codes = Together.run(20 * LIMIT / 10, number -> IntStream.range(0, 10)
                    .mapToObj(again -> verify(base(number), token))
                    .toList());
            var all = codes.stream().flatMap(List::stream).toList();
            assertEquals(LIMIT, Collections.frequency(all, "VALID"));
            assertEquals(19 * LIMIT, Collections.frequency(all, "RATE_LIMITED"));
            awaitCounted(token, 20 * LIMIT);
        }
        var keys = cluster.keysOfNodes();
        assertTrue(keys.stream().allMatch(count -> count > 0), "each node has keys: " + keys);
    }

    @Test
    void batchesSpendExactlyTheCreditsThatThereAreAndTheLedgerHearsOfEach() throws Exception {
        for (var i = 0; i < 6; i++) {
            var token = token(Map.of("credits", 70, "rate_limits", Map.of("per_minute", 10_000)));
            var items = Collections.nCopies(25, Map.of("token", token.text()));
            var codes = Together.run(8, number -> batch(base(number), items)).stream()
                    .flatMap(List::stream)
                    .toList();
            assertEquals(70, Collections.frequency(codes, "VALID"), codes.toString());
            assertEquals(130, Collections.frequency(codes, "USAGE_EXCEEDED"), codes.toString());
            Eventually.within(
                    30,
                    () -> assertEquals(
                            "0",
                            database.value(
                                    "select balance from credit_accounts where id = '%s'".formatted(token.id()))));
            awaitCounted(token, 200);
        }
    }

    @Test
    void gatewaysAndOwnEndpointsShareTheBudgetAndEachCallIsCounted() throws Exception {
        for (var i = 0; i < 6; i++) {
            var token = token(Map.of("rate_limits", Map.of("per_minute", 40)));
            var statuses = Together.run(
                    60,
                    number -> get(
                            base(number) + (number % 3 == 0 ? "/api/v1/tokens/me" : "/api/v1/forward-auth"),
                            token.text()));
            assertEquals(40, Collections.frequency(statuses, 200), statuses.toString());
            assertEquals(20, Collections.frequency(statuses, 429), statuses.toString());
            awaitCounted(token, 60);
        }
    }

    @Test
    void aRevocationIsSeenByTheOtherInstanceWithinASecond() throws Exception {
        var token = token(Map.of("rate_limits", Map.of("per_minute", 100_000)));
        assertEquals("VALID", verify(other.base(), token));
        // By the near cache, so that it is the invalidation that tells.
        Eventually.within(20, () -> assertEquals(1, other.metric("latchkey_near_cache_trusted")));
        assertEquals("VALID", verify(other.base(), token));
        assertEquals(204, CALLER.revoke(one.base(), session, token));
        assertEquals("REVOKED", verify(one.base(), token), "on the same instance at once");
        Thread.sleep(1000);
        for (var i = 0; i < 20; i++) {
            assertEquals("REVOKED", verify(other.base(), token));
        }
    }

    @Test
    void whatEndpointsAskBesidesIsExactOverBothInstances() {
        var body = "{\"username\":\"nobody-%d\",\"password\":\"not-the-password-of-anybody\"}";
        var statuses = Together.run(
                2 * PASSWORDS,
                number -> post(base(number) + "/api/auth/login", "", body.formatted(number), "192.0.2.9"));
        assertEquals(PASSWORDS, Collections.frequency(statuses, 401), statuses.toString());
        assertEquals(PASSWORDS, Collections.frequency(statuses, 429), statuses.toString());
    }

    @Test
    void redisIsHealthyAndNothingWasLostOrDecidedWithoutIt() throws Exception {
        var health = Caller.json(CALLER.call("GET", one.base() + "/health", "", ""));
        assertEquals("up", health.at("/checks/redis/status").asText(), health.toString());
        assertEquals(0, one.metric("latchkey_usage_events_lost_total"));
        // A consumer that cannot read one of the streams has no number here.
        Eventually.within(30, () -> assertEquals(0, one.metric("latchkey_usage_stream_lag")));
    }

    @Test
    void aReplicaWithAnotherNumberOfPartitionsDoesNotStart() {
        try (var stray = Instance.start(settings(1))) {
            var log = stray.awaitRefusal();
            assertTrue(log.contains("latchkey.redis.partitions is 1 here, and 8 for the replicas"), log);
            assertTrue(log.contains("one node of the Redis Cluster carries everything"), log);
        }
    }

    private static Map<String, String> settings(int partitions) {
        var settings = new HashMap<>(database.settings(cluster.settings()));
        // A busy build machine must not turn an exact decision into a local one.
        settings.put("latchkey.limits.timeout", "10s");
        settings.put("latchkey.redis.timeout", "10s");
        settings.put("latchkey.redis.partitions", Integer.toString(partitions));
        settings.put("latchkey.limits.session.per-minute", "1000000");
        settings.put("latchkey.limits.session.per-hour", "1000000");
        settings.put("latchkey.limits.passwords-per-minute", Integer.toString(PASSWORDS));
        settings.put("latchkey.http.trusted-proxies", "127.0.0.1/32");
        return settings;
    }

    private static String base(int number) {
        return number % 2 == 0 ? one.base() : other.base();
    }

    private static Token token(Map<String, ?> fields) throws Exception {
        var all = new HashMap<String, Object>(fields);
        all.put("name", "in the cluster");
        all.put("scopes", List.of("read:audits"));
        var token =
                Caller.json(CALLER.call("POST", one.base() + "/api/v1/tokens", session, JSON.writeValueAsString(all)));
        return new Token(token.path("id").asText(), token.path("token").asText());
    }

    private static String verify(String base, Token token) {
        return answer(base + "/api/v1/verify", Map.of("token", token.text()), "/code");
    }

    private static List<String> batch(String base, List<Map<String, String>> items) {
        try {
            var answer = Caller.json(CALLER.call(
                    "POST", base + "/api/v1/verify/batch", session, JSON.writeValueAsString(Map.of("items", items))));
            return answer.path("items").findValuesAsText("code");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String answer(String url, Map<String, ?> body, String pointer) {
        try {
            var answer = Caller.json(CALLER.call("POST", url, session, JSON.writeValueAsString(body)));
            return answer.at(pointer).asText();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int get(String url, String credential) {
        try {
            return CALLER.call("GET", url, credential, "").statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int post(String url, String credential, String body, String address) {
        try {
            var request = HttpRequest.newBuilder(URI.create(url))
                    .POST(BodyPublishers.ofString(body))
                    .header("Content-Type", "application/json")
                    .header("X-Forwarded-For", address);
            return CLIENT.send(request.build(), BodyHandlers.ofString()).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitCounted(Token token, int calls) {
        var events = "select coalesce(sum(calls), 0) from token_usage_events where credential_id = '%s'";
        var totals = "select coalesce(sum(requests), 0) from usage_aggregates where credential_id = '%s'";
        for (var sum : List.of(events, totals)) {
            Eventually.within(
                    30, () -> assertEquals(Integer.toString(calls), database.value(sum.formatted(token.id()))));
        }
    }
}
