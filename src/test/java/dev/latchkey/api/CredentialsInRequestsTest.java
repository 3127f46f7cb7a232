package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Header;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How credentials come, and what an answer may give away to whom they do not belong. */
@QuarkusTest
class CredentialsInRequestsTest {

    private static final String ME = "/api/v1/tokens/me";

    @Test
    void aTokenMayComeAsBearerInAnyCaseOrAsApiKey() {
        var token = newToken(newUser(), "read:audits");
        for (var scheme : List.of("Bearer ", "bearer ", "BEARER ")) {
            anonymous().header("Authorization", scheme + token).get(ME).then().statusCode(200);
        }
        anonymous().header("X-API-Key", token).get(ME).then().statusCode(200);
    }

    @Test
    void aSessionMayNotComeAsApiKey() {
        anonymous()
                .header("X-API-Key", newUser().accessToken())
                .get("/api/auth/me")
                .then()
                .statusCode(401)
                .body("code", equalTo("invalid_token"));
    }

    @Test
    void whatWasRevokedByAReplicaWhoseClockIsAheadIsRefusedAllTheSame() {
        var token = newToken(newUser(), Map.of("name", "a token", "scopes", List.of("read:audits")));
        Tables.change(
                "update api_tokens set revoked_at = now() + interval '1 hour' where id = ?::uuid",
                token.<String>path("id"));
        as(token.path("token")).get(ME).then().statusCode(401).body("code", equalTo("revoked_token"));
    }

    @Test
    void twoCredentialsInOneRequestAreRefused() {
        var user = newUser();
        var token = newToken(user, "read:audits");
        var twice = List.of(
                as(token).header("X-API-Key", token),
                as(token).header("Authorization", "Bearer " + token),
                as(user.accessToken()).header("X-API-Key", token),
                anonymous().header("X-API-Key", token).header("X-API-Key", "other"));
        for (var request : twice) {
            request.get("/api/v1/tokens/me/usage").then().statusCode(400).body("code", equalTo("invalid_request"));
        }
    }

    @Test
    void whatIsNoBearerCredentialCountsAsNone() {
        var token = newToken(newUser(), "read:audits");
        for (var header : List.of("Basic dTpw", token, "Bearer", "Token " + token)) {
            anonymous()
                    .header("Authorization", header)
                    .get(ME)
                    .then()
                    .statusCode(401)
                    .body("code", equalTo("not_authenticated"));
        }
    }

    @Test
    void aTextThatIsAlmostATokenIsInvalid() {
        var token = newToken(newUser(), "read:audits");
        for (var text : List.of(
                token + "x",
                token.substring(1),
                token.replace("lk_live_", "lk_test_"),
                token.replace("lk_live_", "lk_prod_"),
                token + " " + token,
                "x".repeat(9000),
                "\u00e9\u00e9")) {
            as(text).get(ME).then().statusCode(401).body("code", equalTo("invalid_token"));
        }
    }

    @Test
    void aBrokenCredentialKeepsNobodyFromLoggingIn() {
        var user = newUser();
        as("lk_live_broken")
                .body(Map.of("username", user.username(), "password", Api.PASSWORD))
                .post("/api/auth/login")
                .then()
                .statusCode(200);
    }

    @Test
    void whatBelongsToAnotherTenantAndWhatDoesNotExistAreToldByTheSameBytes() {
        var stranger = newUser();
        String foreign = newToken(newUser(), Map.of("name", "x", "scopes", List.of("read:audits")))
                .path("id");
        var absent = "01a1fe88-62c1-7000-8d8e-401aaffb2a7e";
        for (var call : List.of(
                "GET /api/v1/tokens/{id}",
                "PATCH /api/v1/tokens/{id}",
                "DELETE /api/v1/tokens/{id}",
                "POST /api/v1/tokens/{id}/rotate",
                "GET /api/v1/tokens/{id}/usage")) {
            var method = call.split(" ")[0];
            var path = call.split(" ")[1];
            var ofForeign = stranger.calls().body("{}").request(method, path.replace("{id}", foreign));
            var ofAbsent = stranger.calls().body("{}").request(method, path.replace("{id}", absent));
            assertEquals(404, ofForeign.statusCode(), call);
            assertEquals(
                    ofAbsent.asString().replace(absent, ""),
                    ofForeign.asString().replace(foreign, ""),
                    call);
            assertEquals(headers(ofAbsent), headers(ofForeign), call);
        }
    }

    @Test
    void everyAnswerTellsBrowsersNotToGuessKeepOrFrameIt() {
        for (var answer : List.of(
                anonymous().get("/nothing"),
                anonymous().get(ME),
                newUser().calls().get("/api/auth/me"))) {
            answer.then()
                    .header("X-Content-Type-Options", "nosniff")
                    .header("X-Frame-Options", "DENY")
                    .header("Referrer-Policy", "no-referrer")
                    .header("Cache-Control", "no-store")
                    .header("Content-Security-Policy", startsWith("default-src 'none'"));
        }
    }

    @Test
    void aHeadIsGuardedAsTheGetThatItStandsFor() {
        var user = newUser();
        anonymous().head("/api/v1/tokens").then().statusCode(401);
        as(newToken(user, "read:audits")).head("/api/v1/tokens").then().statusCode(403);
        user.calls().head("/api/v1/tokens").then().statusCode(200);
    }

    @Test
    void theMethodsOfAPathAreNoSecretAndNothingElseIsTold() {
        var answer = anonymous().options("/api/v1/tokens");
        assertEquals(200, answer.statusCode());
        assertEquals("", answer.asString());
    }

    @Test
    void callsOfManyCallersAtOnceAreNeverMixedUp() {
        var tokens = Together.run(
                20, number -> newToken(newUser(), Map.of("name", "token " + number, "scopes", List.of("read:audits"))));
        // Not one of them is known to the near cache yet: each is loaded by several calls at once.
        var names = Together.run(60, number -> as(tokens.get(number % 20).path("token"))
                .get(ME)
                .then()
                .statusCode(200)
                .extract()
                .<String>path("name"));
        for (var number = 0; number < 60; number++) {
            assertEquals("token " + number % 20, names.get(number));
        }
    }

    /** All but those that differ from one call to the next by their nature. */
    private static Map<String, String> headers(Response response) {
        var headers = response.headers().asList().stream()
                .filter(header -> !header.getName().matches("(?i)X-Request-Id|(X-)?RateLimit.*|Content-Length"))
                .collect(Collectors.toMap(Header::getName, Header::getValue, (a, b) -> a + b, TreeMap::new));
        assertTrue(headers.containsKey("Content-Type"));
        return headers;
    }
}
