package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.ApiKeys.V2;
import static dev.latchkey.api.ApiKeys.endsIn;
import static dev.latchkey.api.ApiKeys.newKey;
import static dev.latchkey.api.ApiKeys.validate;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ApiKeyRefreshTest {

    private static Response refresh(String text) {
        return anonymous().body(Map.of("current_key", text)).post(V2 + "/refresh");
    }

    @Test
    void inTheLastDayAKeyGetsASuccessorAndStopsAtOnce() {
        var key = newKey(Api.newUser().calls(), "basic");
        String old = key.path("api_key");
        validate(old).then().statusCode(200);
        endsIn(key.path("key_id"), 3600);
        var successor = refresh(old);
        successor
                .then()
                .statusCode(201)
                .body("role", equalTo("basic"))
                .body("scopes", equalTo(key.<Object>path("scopes")));
        assertNotEquals(key.<String>path("key_id"), successor.path("key_id"));
        validate(old).then().statusCode(401).body("code", equalTo("revoked_token"));
        // It goes on with the budget of the old one, of which one call was used.
        var valid = validate(successor.<String>path("api_key"));
        valid.then().statusCode(200);
        assertEquals("8", valid.header("X-RateLimit-Remaining"));
        refresh(old).then().statusCode(401).body("code", equalTo("invalid_key"));
    }

    @Test
    void beforeItsLastDayItIsTooEarly() {
        var key = newKey(anonymous(), "basic");
        refresh(key.<String>path("api_key"))
                .then()
                .statusCode(400)
                .body("code", equalTo("too_early_to_refresh"))
                .body("refresh_window_seconds", equalTo(86_400))
                .body("expires_in_seconds", allOf(greaterThan(604_000), lessThanOrEqualTo(604_800)));
        endsIn(key.path("key_id"), 86_400 + 60);
        refresh(key.<String>path("api_key")).then().statusCode(400);
        validate(key.<String>path("api_key")).then().statusCode(200);
    }

    @Test
    void ofFiftyWhoRefreshAtOnceOneWins() throws Exception {
        var user = Api.newUser();
        var key = newKey(user.calls(), "basic");
        endsIn(key.path("key_id"), 3600);
        String text = key.path("api_key");
        var statuses = Together.run(50, number -> refresh(text).statusCode()).stream()
                .collect(Collectors.groupingBy(status -> status, Collectors.counting()));
        assertEquals(Map.of(201, 1L, 401, 49L), statuses);
        List<String> active = user.calls().get(V2 + "/keys").path("items.findAll { it.status == 'active' }.key_id");
        assertEquals(1, active.size());
    }

    @Test
    void whatCannotBeRefreshedIsRefused() {
        var key = newKey(anonymous(), "basic");
        String text = key.path("api_key");
        for (var wrong : List.of(
                "",
                "x",
                text + "x",
                text.substring(1),
                Api.newToken(Api.newUser(), "read:reports"),
                Api.newUser().accessToken())) {
            refresh(wrong).then().statusCode(401).body("code", equalTo("invalid_key"));
        }
        endsIn(key.path("key_id"), -1);
        refresh(text).then().statusCode(401);
        anonymous().body("{}").post(V2 + "/refresh").then().statusCode(422);
        anonymous()
                .body(Map.of("current_key", "x".repeat(8193)))
                .post(V2 + "/refresh")
                .then()
                .statusCode(422);
    }

    @Test
    void aSuspendedUsersKeyIsNotRefreshed() {
        var user = Api.newUser();
        var key = newKey(user.calls(), "basic");
        endsIn(key.path("key_id"), 3600);
        Api.admin()
                .calls()
                .body("{\"disabled\":true}")
                .patch("/api/v1/users/" + user.id())
                .then()
                .statusCode(200);
        refresh(key.<String>path("api_key")).then().statusCode(401);
    }
}
