package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What must hold over several replicas, shown with two processes of the packaged service. */
class TwoInstancesIT {

    private static final int LIMIT = 50;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Instance one;
    private static Instance other;

    @BeforeAll
    static void start() {
        // A busy build machine must not turn an exact decision into a local one.
        var settings = Map.of("latchkey.limits.timeout", "10s", "latchkey.redis.timeout", "10s");
        one = Instance.start(settings);
        other = Instance.start(settings);
        one.awaitReady();
        other.awaitReady();
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    @Test
    void ofTwentyTimesTheLimitInConcurrentCallsExactlyTheLimitIsAdmitted() throws Exception {
        var token = newToken(Map.of("per_minute", LIMIT, "per_hour", 100_000, "per_day", 100_000));
        var calls = new ArrayList<Callable<Integer>>();
        for (var i = 0; i < 20 * LIMIT; i++) {
            var base = i % 2 == 0 ? one.base() : other.base();
            calls.add(() -> whoAmI(base, token.path("token").asText()).statusCode());
        }
        var admitted = 0;
        var refused = 0;
        try (var threads = Executors.newFixedThreadPool(32)) {
            for (var call : threads.invokeAll(calls)) {
                admitted += call.get() == 200 ? 1 : 0;
                refused += call.get() == 429 ? 1 : 0;
            }
        }
        assertEquals(LIMIT, admitted);
        assertEquals(19 * LIMIT, refused);
    }

    @Test
    void aRevocationOnOneInstanceIsSeenByTheOtherWithinASecond() throws Exception {
        var token = newToken(Map.of("per_minute", 100_000, "per_hour", 100_000, "per_day", 100_000));
        var text = token.path("token").asText();
        assertEquals(200, whoAmI(other.base(), text).statusCode());

        var revoked =
                send("DELETE", one.base() + "/api/v1/tokens/" + token.path("id").asText(), session(), "");
        assertEquals(204, revoked.statusCode());
        assertEquals(401, whoAmI(one.base(), text).statusCode(), "on the same instance at once");

        Thread.sleep(1000);
        var after = new ArrayList<Integer>();
        for (var i = 0; i < 20; i++) {
            after.add(whoAmI(other.base(), text).statusCode());
        }
        assertTrue(after.stream().allMatch(status -> status == 401), "statuses on the other instance: " + after);
    }

    @Test
    void newLimitsOnOneInstanceHoldOnTheOtherWithinASecond() throws Exception {
        var token = newToken(Map.of("per_minute", 100_000, "per_hour", 100_000, "per_day", 100_000));
        var text = token.path("token").asText();
        assertEquals(200, whoAmI(other.base(), text).statusCode());

        var path = one.base() + "/api/v1/tokens/" + token.path("id").asText();
        var changed = send("PATCH", path, session(), "{\"rate_limits\":{\"per_minute\":1}}");
        assertEquals(200, changed.statusCode(), changed.body());
        assertEquals(429, whoAmI(one.base(), text).statusCode(), "on the same instance at once");

        Thread.sleep(1000);
        assertEquals(429, whoAmI(other.base(), text).statusCode());
    }

    private static JsonNode newToken(Map<String, Integer> limits) throws Exception {
        var body = JSON.writeValueAsString(
                Map.of("name", "replicas", "scopes", List.of("read:audits"), "rate_limits", limits));
        var created = send("POST", one.base() + "/api/v1/tokens", session(), body);
        assertEquals(201, created.statusCode(), created.body());
        return JSON.readTree(created.body());
    }

    private static String session() throws Exception {
        var login = send(
                "POST",
                one.base() + "/api/auth/login",
                "",
                "{\"username\":\"admin\",\"password\":\"correct-horse-battery-staple-test\"}");
        assertEquals(200, login.statusCode(), login.body());
        return JSON.readTree(login.body()).path("access_token").asText();
    }

    private static HttpResponse<String> whoAmI(String base, String token) throws Exception {
        return send("GET", base + "/api/v1/tokens/me", token, "");
    }

    private static HttpResponse<String> send(String method, String url, String credential, String body)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (!credential.isEmpty()) {
            request.header("Authorization", "Bearer " + credential);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}
