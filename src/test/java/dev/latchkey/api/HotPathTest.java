package dev.latchkey.api;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The short way of a verification answers what the long way answers, to the byte; and what it cannot answer, the long way does. */
@QuarkusTest
class HotPathTest {

    private static final String VERIFY = "/api/v1/verify";
    private static final Set<String> CHANGING = Set.of(
            "content-length", "x-request-id", "ratelimit", "x-ratelimit-reset", "retry-after", "x-latchkey-key-id");

    private Someone owner = Api.NOBODY;
    private String gateway = "";

    @BeforeEach
    void someone() {
        owner = newUser();
        gateway = newToken(owner, "verify:tokens");
    }

    @Test
    void answersOfBothWaysAreAlikeInEveryByteAndHeader() {
        var fields = Map.of(
                "name",
                "ünicode \"name\"",
                "scopes",
                List.of("read:reports"),
                "metadata",
                Map.of("plan", "\"credits\":null", "ü", List.of(1, 2)),
                "rate_limits",
                Map.of("per_minute", 1, "per_hour", 1));
        var slots = Map.of("limit", 5, "lease_seconds", 60);
        for (var more : List.of(
                Map.<String, Object>of(),
                Map.<String, Object>of("credits", 5),
                Map.<String, Object>of("shadow_rate_limits", Map.of("per_minute", 1)),
                Map.<String, Object>of(
                        "rate_limits", Map.of("per_minute", 1, "per_hour", 1, "concurrent_requests", slots)))) {
            var all = new HashMap<String, Object>(fields);
            all.putAll(more);
            String one = newToken(owner, all).path("token");
            String other = newToken(owner, all).path("token");
            warm(one, other);
            // An empty list of scopes asks for nothing, and is not plain.
            var slow = ask("{\"token\":\"" + one + "\",\"scopes\":[]}");
            var fast = ask("{\"token\":\"" + other + "\"}");
            assertEquals(stable(slow), stable(fast));
            assertEquals(names(slow), names(fast));
            assertEquals("VALID", fast.path("code"));
            var slowRefusal = ask("{\"token\":\"" + one + "\",\"scopes\":[]}");
            var fastRefusal = ask("{\"token\":\"" + other + "\"}");
            assertEquals(stable(slowRefusal), stable(fastRefusal));
            assertEquals("RATE_LIMITED", fastRefusal.path("code"));
        }
    }

    @Test
    void costsScopesAndWhatOurClientAcceptsAreAnsweredAlikeOnBothWays() {
        var accept = "application/json, application/problem+json";
        var fields = Map.of(
                "name", "x", "scopes", List.of("read:reports"), "rate_limits", Map.of("per_minute", 5, "per_hour", 5));
        for (var asked : List.of("\"cost\":3", "\"scopes\":[\"read:reports\"]", "\"scopes\":[\"read:*\"],\"cost\":2")) {
            String one = newToken(owner, fields).path("token");
            String other = newToken(owner, fields).path("token");
            warm(one, other);
            // So that these scopes are known.
            ask("{\"token\":\"lk_live_none\"," + asked + "}");
            for (var i = 0; i < 6; i++) {
                // No tags are none, and not plain.
                var slow = as(gateway)
                        .accept(accept)
                        .body("{\"token\":\"" + one + "\",\"tags\":[]," + asked + "}")
                        .post(VERIFY);
                var fast = as(gateway)
                        .accept(accept)
                        .body("{\"token\":\"" + other + "\"," + asked + "}")
                        .post(VERIFY);
                assertEquals(stable(slow), stable(fast));
                assertEquals(names(slow), names(fast));
                assertEquals(200, fast.statusCode());
            }
        }
    }

    @Test
    void batchesAreAnsweredAlikeOnBothWays() {
        var fields = Map.of(
                "name",
                "ünicode",
                "scopes",
                List.of("read:reports"),
                "rate_limits",
                Map.of("per_minute", 2, "per_hour", 9));
        String one = newToken(owner, fields).path("token");
        String other = newToken(owner, fields).path("token");
        warm(one, other);
        for (var count : List.of(1, 3, 60)) {
            // No tags are none, and not plain.
            var slow = askBatch("{\"token\":\"" + one + "\",\"tags\":[]}", count);
            var fast = askBatch("{\"token\":\"" + other + "\"}", count);
            assertEquals(200, fast.statusCode());
            assertEquals(count, fast.jsonPath().getList("items").size());
            assertEquals(stable(slow), stable(fast));
            // The long way does not tell the length of much.
            if (count < 10) {
                assertEquals(names(slow), names(fast));
            }
        }
        assertEquals("VALID", askBatch("{\"token\":\"" + gateway + "\"}", 50).path("items[49].code"));
    }

    @Test
    void aBatchThatIsNotPlainIsAnsweredByTheLongWay() {
        String token = newToken(owner, "read:reports");
        warm(token);
        var good = "{\"token\":\"" + token + "\"}";
        for (var body : List.of(
                "{}",
                "{\"items\":[]}",
                "{\"items\":{}}",
                "{\"items\":[" + good + ",1]}",
                "{\"items\":[" + good + ",null]}",
                "{\"items\":[" + good,
                "{\"items\":[" + good + "]} {}",
                "{\"items\":[" + good + "],\"more\":1}",
                "{\"items\":[" + good + "],\"items\":[]}",
                "{\"items\":[" + good + ",{\"token\":\"x\",\"cost\":-1}]}",
                "{\"items\":[" + (good + ",").repeat(100) + good + "]}")) {
            assertTrue(List.of(400, 422).contains(post(body).statusCode()), body);
        }
        var mixed = post("{\"items\":[" + good + ",{\"token\":\"x\"}," + good + "]}");
        assertEquals(List.of("VALID", "MALFORMED", "VALID"), mixed.path("items.code"));
        as(newToken(owner, "read:reports"))
                .body("{\"items\":[" + good + "]}")
                .post(VERIFY + "/batch")
                .then()
                .statusCode(403);
    }

    @Test
    void gatewaysAreAnsweredAlikeOnBothWays() {
        var fields = Map.of(
                "name", "x", "scopes", List.of("read:reports"), "rate_limits", Map.of("per_minute", 1, "per_hour", 1));
        String one = newToken(owner, fields).path("token");
        String other = newToken(owner, fields).path("token");
        warm(one, other);
        for (var status : List.of(200, 429)) {
            // X-API-Key takes the long way.
            var slow = Api.anonymous().header("X-API-Key", one).get("/api/v1/forward-auth?scope=read:reports");
            var fast = as(other).get("/api/v1/forward-auth?scope=read:reports");
            assertEquals(status, fast.statusCode());
            assertEquals(status, slow.statusCode());
            assertEquals(names(slow), names(fast));
            assertEquals(stable(slow), stable(fast));
            assertEquals(
                    status == 200 ? 0 : 1,
                    fast.headers().getValues("Retry-After").size());
        }
    }

    @Test
    void whatIsNotPlainIsAnsweredByTheLongWayWithTheBodyThatWasRead() {
        String token = newToken(owner, "read:reports");
        warm(token);
        Stream.of(
                        "{\"token\":1}",
                        "{\"token\":\"x\",\"token\":\"y\"}",
                        "{\"token\":\"x\"} {}",
                        "{\"token\":\"x\",\"unknown\":\"y\"}",
                        "{}",
                        "",
                        "[]",
                        "{\"token\":\"" + token + "\",\"permissions\":\"a AND\"}",
                        "{\"token\":\"" + token + "\",\"ip\":\"nowhere\"}",
                        "{\"token\":\"" + token + "\",\"scopes\":[\"a:b\"],\"permissions\":\"read:reports\"}",
                        "{\"token\":\"" + token + "\",\"scopes\":[\"a:b\",1]}",
                        "{\"token\":\"" + token + "\",\"cost\":1.5}",
                        "{\"token\":\"" + token + "\",\"cost\":99999999999999999999}",
                        "{\"token\":\"" + token + "\",\"cost\":1000000001}",
                        "{\"token\":\"" + token + "\",\"cost\":-1}")
                .forEach(body -> assertTrue(List.of(400, 422).contains(ask(body).statusCode()), body));
        assertEquals("MALFORMED", ask("{\"token\":\"x\"}").path("code"));
        assertEquals(
                "INSUFFICIENT_SCOPE",
                ask("{\"token\":\"" + token + "\",\"permissions\":\"write:audits\"}")
                        .path("code"));
    }

    @Test
    void aBodyOfAnyLengthThatIsReadForTheShortWayReachesTheLongOneWhole() {
        for (var length = 1000; length < 20_000; length += 1000) {
            var text = "x".repeat(length);
            assertEquals(200, ask("{\"token\":\"" + text + "\",\"tags\":[]}").statusCode());
            var batch = post("{\"items\":[{\"token\":\"" + text + "\",\"tags\":[]}]}");
            assertEquals("MALFORMED", batch.path("items[0].code"));
        }
    }

    @Test
    void permissionsAndResourcesThatWereAskedForBeforeAreJudgedAnew() {
        String token = newToken(owner, "read:reports");
        warm(token);
        for (var i = 0; i < 3; i++) {
            for (var permissions : List.of("read:reports OR write:audits", "write:audits")) {
                var body =
                        "{\"token\":\"" + token + "\",\"permissions\":\"" + permissions + "\",\"resource\":\"GET /x\"}";
                assertEquals(
                        permissions.contains("OR") ? "VALID" : "INSUFFICIENT_SCOPE",
                        ask(body).path("code"));
            }
        }
    }

    @Test
    void aRevokedCallerAndARevokedCredentialAreRefusedAtOnce() {
        String token = newToken(owner, "read:reports");
        warm(token);
        as(token).post("/api/v1/tokens/me/revoke").then().statusCode(204);
        assertEquals("REVOKED", ask("{\"token\":\"" + token + "\"}").path("code"));
        as(gateway).post("/api/v1/tokens/me/revoke").then().statusCode(204);
        assertEquals(401, ask("{\"token\":\"" + token + "\"}").statusCode());
    }

    /** So that this replica knows them, and has recorded the caller's minute. */
    private void warm(String... tokens) {
        for (var token : tokens) {
            ask("{\"token\":\"" + token + "\",\"cost\":0}");
        }
    }

    private Response ask(String body) {
        return as(gateway).accept("application/json").body(body).post(VERIFY);
    }

    private Response askBatch(String item, int count) {
        return post("{\"items\":[" + String.join(",", Collections.nCopies(count, item)) + "]}");
    }

    private Response post(String batch) {
        return as(gateway).accept("application/json").body(batch).post(VERIFY + "/batch");
    }

    /** Without what differs from one credential or moment to the next. */
    private static String stable(Response answer) {
        return answer.asString()
                .replaceAll("\"key_id\":\"[^\"]*\"", "")
                .replaceAll("\"(reset|retry_after)\":[0-9]+", "")
                .replaceAll("\"lease\":\\{\"id\":\"[^\"]{36}\",\"expires_at\":\"[^\"]*Z\"}", "lease");
    }

    /** The headers, and the values of those that do not tell of a credential or a moment. */
    private static String names(Response answer) {
        return answer.headers().asList().stream()
                .map(header -> {
                    var name = header.getName().toLowerCase(Locale.ROOT);
                    return CHANGING.contains(name) ? name : name + ": " + header.getValue();
                })
                .sorted()
                .collect(Collectors.joining("\n"));
    }
}
