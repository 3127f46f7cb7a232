package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token gets a new text without an outage. */
@QuarkusTest
class TokenRotationTest {

    private Someone user = NOBODY;

    @BeforeEach
    void someoneWithTokens() {
        user = newUser();
    }

    @Test
    void bothTextsWorkUntilTheGraceEndsAndShareOneBudget() throws InterruptedException {
        var old = create(Map.of("rate_limits", Map.of("per_minute", 5), "metadata", Map.of("a", 1)));
        var successor = rotate(old, "{\"grace_seconds\":3}");
        var rotated = Instant.now();
        successor
                .then()
                .statusCode(200)
                .body("token", not(equalTo(old.path("token"))))
                .body("id", not(equalTo(old.path("id"))))
                .body("rotated_from", equalTo(old.path("id")))
                .body("name", equalTo("rotating"))
                .body("scopes", equalTo(List.of("read:audits")))
                .body("rate_limits.per_minute", equalTo(5))
                .body("metadata.a", equalTo(1))
                .body("expires_at", equalTo(null));
        for (var i = 0; i < 4; i++) {
            as((i % 2 == 0 ? old : successor).path("token"))
                    .get("/api/v1/tokens/me")
                    .then()
                    .statusCode(200);
        }
        as(old.path("token")).get("/api/v1/tokens/me").then().statusCode(200);
        as(successor.path("token")).get("/api/v1/tokens/me").then().statusCode(429);
        as(old.path("token")).get("/api/v1/tokens/me").then().statusCode(429);
        var token = user.calls().get("/api/v1/tokens/" + old.path("id"));
        var graceEnd = Instant.parse(token.<String>path("expires_at"));
        assertTrue(Duration.between(rotated, graceEnd).compareTo(Duration.ofSeconds(3)) <= 0);

        Thread.sleep(Duration.between(Instant.now(), graceEnd).plusMillis(20));

        as(old.path("token")).get("/api/v1/tokens/me").then().statusCode(401).body("code", equalTo("expired_token"));
    }

    @Test
    void withoutAGraceTheOldTextIsRevokedAtOnce() {
        for (var body : new String[] {"{\"grace_seconds\":0}", "{}", "", "null"}) {
            var old = create(Map.of());
            as(old.path("token")).get("/api/v1/tokens/me").then().statusCode(200);
            var successor = rotate(old, body);
            successor.then().statusCode(200);
            as(old.path("token"))
                    .get("/api/v1/tokens/me")
                    .then()
                    .statusCode(401)
                    .body("code", equalTo("revoked_token"));
            as(successor.path("token")).get("/api/v1/tokens/me").then().statusCode(200);
        }
    }

    @Test
    void whoRevokesTheSuccessorRevokesAllTextsOfTheCredentialThatStillWork() {
        var first = create(Map.of());
        var second = rotate(first, "{\"grace_seconds\":600}");
        var third = rotate(second, "{\"grace_seconds\":1}");
        for (var token : List.of(first, second, third)) {
            assertEquals(200, use(token));
        }

        user.calls().delete("/api/v1/tokens/" + third.path("id")).then().statusCode(204);

        for (var token : List.of(first, second, third)) {
            assertEquals(401, use(token));
        }
    }

    @Test
    void whoRevokesTheOldTextEndsTheGraceAndNoMore() {
        var old = create(Map.of());
        var successor = rotate(old, "{\"grace_seconds\":600}");
        assertEquals(200, use(old));
        user.calls().delete("/api/v1/tokens/" + old.path("id")).then().statusCode(204);
        assertEquals(401, use(old));
        assertEquals(200, use(successor));
    }

    @Test
    void aRotationNeedsNoBodyAndNoMediaType() {
        var old = create(Map.of());
        var answer =
                RawHttp.exchange("POST /api/v1/tokens/" + old.path("id") + "/rotate HTTP/1.1\r\nHost: localhost\r\n"
                        + "Authorization: Bearer " + user.accessToken() + "\r\nContent-Length: 0\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    }

    @Test
    void aTokenIsRotatedOnce() {
        var old = create(Map.of());
        var successor = rotate(old, "{\"grace_seconds\":600}");
        var before = Tables.contents();
        Refusals.problem("a second time", rotate(old, "{\"grace_seconds\":600}"), 409, "conflict");
        assertEquals(before, Tables.contents());
        rotate(successor, "{}").then().statusCode(200).body("rotated_from", equalTo(successor.path("id")));
        Refusals.problem("a revoked one", rotate(successor, "{}"), 409, "conflict");
    }

    @Test
    void ofManyWhoRotateAtOnceOneDoes() {
        var old = create(Map.of());
        var statuses =
                Together.run(8, number -> rotate(old, "{\"grace_seconds\":60}").statusCode());
        assertEquals(1, statuses.stream().filter(status -> status == 200).count(), statuses.toString());
        assertEquals(7, statuses.stream().filter(status -> status == 409).count(), statuses.toString());
    }

    @Test
    void aGraceNeverMakesAnOldTextLiveLonger() {
        var expiry = Instant.now().plusSeconds(60).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        var old = create(Map.of("expires_at", expiry.toString()));
        var successor = rotate(old, "{\"grace_seconds\":604800}");
        assertEquals(200, successor.statusCode());
        // As long as the old one was meant to live, from now on.
        assertFalse(Instant.parse(successor.path("expires_at")).isBefore(expiry));
        user.calls().get("/api/v1/tokens/" + old.path("id")).then().body("expires_at", equalTo(expiry.toString()));
    }

    @Test
    void aDisabledTokensSuccessorIsDisabledToo() {
        var old = create(Map.of());
        user.calls().body(Map.of("enabled", false)).patch("/api/v1/tokens/" + old.path("id"));
        var successor = rotate(old, "{}");
        successor.then().statusCode(200).body("status", equalTo("disabled"));
        as(successor.path("token")).get("/api/v1/tokens/me").then().statusCode(401);
    }

    @Test
    void aRepeatedRotationWithItsKeyGetsTheSameSuccessor() {
        var old = create(Map.of());
        var path = "/api/v1/tokens/" + old.path("id") + "/rotate";
        var first =
                user.calls().header("Idempotency-Key", "rotate-1").body("{}").post(path);
        var again =
                user.calls().header("Idempotency-Key", "rotate-1").body("{}").post(path);
        assertEquals(200, again.statusCode());
        assertEquals(first.asString(), again.asString());
    }

    private Response create(Map<String, ?> fields) {
        var all = new java.util.HashMap<String, Object>(Map.of("name", "rotating", "scopes", List.of("read:audits")));
        all.putAll(fields);
        return newToken(user, all);
    }

    private static int use(Response token) {
        return as(token.path("token")).get("/api/v1/tokens/me").statusCode();
    }

    private Response rotate(Response token, String body) {
        return user.calls().body(body).post("/api/v1/tokens/" + token.path("id") + "/rotate");
    }
}
