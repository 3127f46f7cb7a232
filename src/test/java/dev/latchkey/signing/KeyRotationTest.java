package dev.latchkey.signing;

import static dev.latchkey.api.Api.newUser;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import dev.latchkey.api.Tables;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys change by command, and nobody notices but who holds a token of a key that was withdrawn. */
@QuarkusTest
class KeyRotationTest {

    private static final String KEYS = "/api/v1/signing-keys";

    @Test
    void theNextKeyIsPublishedBeforeItSigns() {
        var next = kidIn("next");
        assertTrue(published().contains(next));
        assertNotEquals(next, kidOf(newUser().accessToken()));
        rotate();
        assertEquals(next, kidOf(newUser().accessToken()));
        assertEquals(next, kidIn("current"));
        assertTrue(published().contains(kidIn("next")));
    }

    @Test
    void aTokenOutlivesTheRotationsOfItsKey() {
        var user = newUser();
        rotate();
        rotate();
        works(user.accessToken());
        var key = key(kidOf(user.accessToken()));
        assertEquals("retiring", key.get("state"));
        assertEquals(
                "0",
                Tables.value("select count(private_sealed) from signing_keys where state not in ('next', 'current')"),
                "a key that signs no more needs no private half");
    }

    @Test
    void whatAWithdrawnKeySignedIsRefusedAtOnceAndCounted() {
        rotate();
        var users = List.of(newUser(), newUser(), newUser());
        var kid = kidOf(users.getFirst().accessToken());
        users.forEach(user -> works(user.accessToken()));
        users.getLast()
                .calls()
                .body(Map.of("refresh_token", users.getLast().refreshToken()))
                .post("/api/auth/logout");
        rotate();
        var unharmed = newUser();

        // Two of the users, and the admin who rotated.
        assertEquals(Map.of("api_keys", 0, "sessions", 3), key(kid).get("signed"));
        withdraw(kid)
                .then()
                .statusCode(200)
                .body("kid", equalTo(kid))
                .body("state", equalTo("withdrawn"))
                .body("signed.sessions", equalTo(3));

        users.forEach(
                user -> user.calls().get("/api/auth/me").then().statusCode(401).body("code", equalTo("invalid_token")));
        works(unharmed.accessToken());
        assertFalse(published().contains(kid));
        works(refreshed(users.getFirst()));
    }

    @Test
    void withdrawingTheCurrentKeyLetsTheNextOneSign() {
        rotate();
        var next = kidIn("next");
        withdraw(kidIn("current")).then().statusCode(200);
        assertEquals(next, kidIn("current"));
        works(newUser().accessToken());
        assertTrue(published().contains(kidIn("next")));
    }

    @Test
    void withdrawingTheNextKeyMakesAnother() {
        var next = kidIn("next");
        withdraw(next).then().statusCode(200).body("signed.sessions", equalTo(0));
        assertNotEquals(next, kidIn("next"));
        assertFalse(published().contains(next));
    }

    @Test
    void aSecondWithdrawalChangesNothing() {
        rotate();
        var kid = kidIn("current");
        withdraw(kid).then().statusCode(200);
        var ended = key(kid).get("ended_at");
        withdraw(kid).then().statusCode(200).body("state", equalTo("withdrawn")).body("ended_at", equalTo(ended));
        assertEquals(
                "1",
                Tables.value("select count(*) from audit_log where action = 'signing_key.withdrawn' and subject_id = '"
                        + kid + "'"));
    }

    @Test
    void aKeyThatDoesNotExistIsNotFound() {
        for (var kid : List.of("unknown-key", "%2e%2e%2fjwks", "' or 1=1 --", "x".repeat(2000))) {
            Api.admin()
                    .calls()
                    .post(KEYS + "/{kid}/withdraw", kid)
                    .then()
                    .statusCode(404)
                    .body("code", equalTo("not_found"));
        }
    }

    @Test
    void noAnswerShowsAPrivateKey() {
        var answer = Api.admin().calls().get(KEYS).then().statusCode(200).extract();
        assertTrue(answer.asString().contains("current"), answer.asString());
        assertFalse(answer.asString().contains("private"), answer.asString());
    }

    private static void rotate() {
        Api.admin().calls().post(KEYS + "/rotate").then().statusCode(200).body("state", equalTo("current"));
    }

    private static Response withdraw(String kid) {
        return Api.admin().calls().post(KEYS + "/{kid}/withdraw", kid);
    }

    private static void works(String accessToken) {
        Api.as(accessToken).get("/api/auth/me").then().statusCode(200);
    }

    private static String refreshed(Someone user) {
        return Api.anonymous()
                .body(Map.of("refresh_token", user.refreshToken()))
                .post("/api/auth/refresh")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    private static String kidIn(String state) {
        return keys().stream()
                .filter(key -> state.equals(key.get("state")))
                .map(key -> String.valueOf(key.get("kid")))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> key(String kid) {
        return keys().stream()
                .filter(key -> kid.equals(key.get("kid")))
                .findFirst()
                .orElseThrow();
    }

    private static List<Map<String, Object>> keys() {
        return Api.admin().calls().get(KEYS).then().statusCode(200).extract().path("items");
    }

    private static List<String> published() {
        return given().get("/.well-known/jwks.json")
                .then()
                .statusCode(200)
                .extract()
                .path("keys.kid");
    }

    private static String kidOf(String token) {
        var header = new String(Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))));
        return header.replaceAll(".*\"kid\":\"([^\"]+)\".*", "$1");
    }
}
