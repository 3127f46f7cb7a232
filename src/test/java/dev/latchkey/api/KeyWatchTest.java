package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.ApiKeys.V2;
import static dev.latchkey.api.ApiKeys.newKey;
import static dev.latchkey.api.ApiKeys.part;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

@QuarkusTest
class KeyWatchTest {

    private static final class Lines extends Handler implements AutoCloseable {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        private Lines() {
            Logger.getLogger("API_AUDIT").addHandler(this);
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            Logger.getLogger("API_AUDIT").removeHandler(this);
        }
    }

    static String jti(Response key) {
        return new JsonPath(part(key.<String>path("api_key"), 1)).get("jti");
    }

    static List<String> reasons(Response key) {
        return Tables.values("select reason from keywatch_suspicions where credential_id = '" + jti(key) + "'");
    }

    @Test
    void eachUseIsALineOfJsonWithoutTheKeyInIt() throws Exception {
        var user = Api.newUser();
        var gateway = Api.newToken(user, "verify:tokens");
        var key = newKey(user.calls(), "basic");
        try (var lines = new Lines()) {
            Api.as(key.<String>path("api_key"))
                    .header("X-Request-Id", "watched-1")
                    .get(V2 + "/validate");
            Api.as(key.<String>path("api_key"))
                    .header("X-Request-Id", "watched-2")
                    .get("/api/auth/me");
            Api.as(gateway)
                    .header("X-Request-Id", "watched-3")
                    .body(Map.of("token", key.<String>path("api_key"), "resource", "GET /a\"b", "ip", "192.0.2.9"))
                    .post("/api/v1/verify");
            var mine = lines.lines.stream()
                    .filter(line -> line.contains(key.<String>path("key_id")))
                    .toList();
            assertEquals(3, mine.size(), lines.lines.toString());
            var json = new ObjectMapper().readTree(mine.getFirst().substring("API_AUDIT ".length()));
            assertEquals("basic", json.path("role").asText());
            assertEquals(V2 + "/validate", json.path("endpoint").asText());
            assertEquals("GET", json.path("method").asText());
            assertEquals(200, json.path("status").asInt());
            assertTrue(json.path("ms").isNumber());
            assertEquals("127.0.0.1", json.path("address").asText());
            assertEquals("watched-1", json.path("request_id").asText());
            assertEquals(
                    403,
                    new ObjectMapper()
                            .readTree(mine.get(1).substring("API_AUDIT ".length()))
                            .path("status")
                            .asInt());
            var verified = new ObjectMapper().readTree(mine.get(2).substring("API_AUDIT ".length()));
            assertEquals("GET /a\"b", verified.path("endpoint").asText());
            assertEquals("192.0.2.9", verified.path("address").asText());
            assertTrue(lines.lines.stream().noneMatch(line -> line.contains("eyJ")), "a key is in the log");
        }
    }

    @Test
    void aNetworkThatAKeyWasNeverUsedFromIsRaisedOnce() {
        var user = Api.newUser();
        var gateway = Api.newToken(user, "verify:tokens");
        var key = newKey(user.calls(), "basic");
        for (var address : List.of("198.51.100.7", "198.51.100.8")) {
            verify(gateway, key, address);
        }
        Eventually.within(
                10,
                () -> assertEquals(
                        1,
                        Tables.values("select network from keywatch_networks where credential_id = '" + jti(key) + "'")
                                .size()));
        assertEquals(List.of(), reasons(key), "a first network is learnt");
        verify(gateway, key, "203.0.113.5");
        verify(gateway, key, "2001:db8::5");
        Eventually.within(10, () -> assertEquals(List.of("new_network"), reasons(key)));
        assertTrue(Tables.values("select subject_id from audit_log where action = 'api_key.suspicious'")
                .contains(key.<String>path("key_id")));
    }

    private static void verify(String gateway, Response key, String address) {
        Api.as(gateway)
                .body(Map.of("token", key.<String>path("api_key"), "ip", address))
                .post("/api/v1/verify")
                .then()
                .statusCode(200);
    }

    @Test
    void refreshingAgainAndAgainInVainIsRaised() {
        var key = newKey(anonymous(), "basic");
        for (var i = 0; i < 6; i++) {
            assertEquals(List.of(), i < 5 ? reasons(key) : List.of());
            anonymous()
                    .body(Map.of("current_key", key.<String>path("api_key")))
                    .post(V2 + "/refresh")
                    .then()
                    .statusCode(400);
        }
        assertEquals(List.of("rapid_refresh"), reasons(key));
    }
}
