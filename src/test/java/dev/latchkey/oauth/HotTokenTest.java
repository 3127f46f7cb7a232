package dev.latchkey.oauth;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Eventually;
import dev.latchkey.api.Tables;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The short way to a token answers, limits, meters and tells of it as the long way does, and gives nobody what the long way would not. */
@QuarkusTest
class HotTokenTest {

    private static final Set<String> CHANGING = Set.of("x-request-id", "ratelimit", "x-ratelimit-reset", "date");

    private Branch branch;

    private static final class Lines extends Handler {
        private final List<String> lines = new ArrayList<>();

        @Override
        public synchronized void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {
            // Nothing waits.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @BeforeEach
    void connected() {
        branch = Branch.of(OidcProvider.withLife(600));
        branch.connect();
    }

    private String reader(Map<String, ?> limits) {
        return Api.newToken(
                        branch.admin(),
                        Map.of("name", "reader", "scopes", List.of("read:connections"), "rate_limits", limits))
                .path("token");
    }

    /** @param reason put on record; with one, the way is the long one */
    private Response ask(String token, String reason) {
        var path = Branch.BASE + "/tokens/" + branch.id();
        return Api.as(token).get(reason.isEmpty() ? path : path + "?reason=" + reason);
    }

    private static Map<String, String> headers(Response response) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        response.headers().forEach(header -> headers.put(header.getName(), header.getValue()));
        headers.keySet().removeAll(CHANGING);
        return headers;
    }

    @Test
    void bothWaysAnswerAlike() {
        var one = reader(Map.of("per_minute", 2, "per_hour", 9));
        var other = reader(Map.of("per_minute", 2, "per_hour", 9));
        for (var i = 0; i < 2; i++) {
            var slow = ask(one, "why");
            var fast = ask(other, "");
            assertEquals(200, fast.statusCode());
            assertEquals(slow.asString(), fast.asString());
            assertEquals(headers(slow), headers(fast));
        }
        var slow = ask(one, "why");
        var fast = ask(other, "");
        assertEquals(429, fast.statusCode());
        assertEquals(slow.<String>path("code"), fast.path("code"));
        assertEquals(headers(slow).keySet(), headers(fast).keySet());
    }

    @Test
    void eachReadingIsMeteredAndALine() {
        var reader = reader(Map.of());
        var lines = new Lines();
        Logger.getLogger("TOKEN_AUDIT").addHandler(lines);
        try {
            for (var i = 0; i < 5; i++) {
                ask(reader, i == 0 ? "why" : "").then().statusCode(200);
            }
        } finally {
            Logger.getLogger("TOKEN_AUDIT").removeHandler(lines);
        }
        var mine = lines.lines.stream()
                .filter(line -> line.contains("\"branch_id\":\"" + branch.id() + "\""))
                .toList();
        assertEquals(5, mine.size());
        assertTrue(mine.getFirst().contains("\"reason\":\"why\""), mine.getFirst());
        assertTrue(mine.stream().noneMatch(line -> line.contains(branch.accessToken())), "no line has the token");
        var id = Api.as(reader).get("/api/v1/tokens/me").<String>path("id");
        Eventually.within(
                10,
                () -> assertEquals(
                        "5",
                        Tables.value(
                                "select coalesce(sum(calls), 0) from token_usage_events where endpoint = '/token-management/tokens/{branch_id}' and status = 200 and credential_id = '"
                                        + id + "'")));
    }

    @Test
    void whoMayNotReadConnectionsIsRefusedAlsoWhenAllIsKnown() {
        var reader = reader(Map.of());
        ask(reader, "").then().statusCode(200);
        ask(reader, "").then().statusCode(200);
        var stranger = Api.newToken(branch.admin(), "read:reports");
        ask(stranger, "").then().statusCode(403);
        ask(stranger, "").then().statusCode(403).body("code", equalTo("insufficient_scope"));
        // It gives away what works elsewhere: all that may be read is not enough.
        var readsAll = Api.newToken(branch.admin(), "read:*");
        ask(readsAll, "").then().statusCode(403);
        ask(readsAll, "why").then().statusCode(403);
        var other = Api.newToken(Api.newUser(), "read:connections");
        ask(other, "").then().statusCode(404);
        ask(other, "").then().statusCode(404);
    }

    @Test
    void whatWasChangedAMomentAgoIsTrueAtOnce() {
        var reader = reader(Map.of());
        String first = ask(reader, "").path("access_token");
        ask(reader, "").then().body("access_token", equalTo(first));
        String second = branch.refresh().path("access_token");
        ask(reader, "").then().statusCode(200).body("access_token", equalTo(second));
        ask(reader, "").then().statusCode(200).body("access_token", equalTo(second));
        branch.revoke().then().statusCode(200);
        ask(reader, "").then().statusCode(409).body("code", equalTo("not_connected"));
    }

    @Test
    void oddPathsAndQueriesAreAnsweredAsEver() {
        var reader = reader(Map.of());
        ask(reader, "").then().statusCode(200);
        var base = Branch.BASE + "/tokens/";
        for (var path : List.of(
                base + branch.id() + "?min_seconds=0",
                base + branch.id() + "?min_seconds=60&x=1",
                base + "%62" + branch.id().substring(1),
                base.replace("/tokens/", "//tokens/") + branch.id())) {
            Api.as(reader).urlEncodingEnabled(false).get(path).then().statusCode(200);
        }
        for (var bad : List.of("min_seconds=-1", "min_seconds=86401", "min_seconds=99999", "min_seconds=x")) {
            Api.as(reader)
                    .urlEncodingEnabled(false)
                    .get(base + branch.id() + "?" + bad)
                    .then()
                    .statusCode(422);
        }
        Api.as(reader).get(base + branch.id() + "x").then().statusCode(404);
    }
}
