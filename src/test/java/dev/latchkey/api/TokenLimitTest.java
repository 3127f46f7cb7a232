package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often a token may call, as its holder sees it. */
@QuarkusTest
class TokenLimitTest {

    private Someone user = NOBODY;

    @BeforeEach
    void someone() {
        user = newUser();
    }

    @Test
    void everyAnswerTellsWhatIsLeftAndTheOneTooManyWhenToComeBack() {
        var token = limited(Map.of("per_minute", 3));
        for (var left : List.of(2, 1, 0)) {
            as(token)
                    .get("/api/v1/tokens/me")
                    .then()
                    .statusCode(200)
                    .header("RateLimit-Policy", "\"minute\";q=3;w=60, \"hour\";q=1000;w=3600, \"day\";q=10000;w=86400")
                    .header("RateLimit", matchesPattern("\"minute\";r=" + left + ";t=(60|5\\d)"))
                    .header("X-RateLimit-Limit", "3")
                    .header("X-RateLimit-Remaining", String.valueOf(left))
                    .header("X-RateLimit-Reset", matchesPattern("60|5\\d"))
                    .header("Retry-After", nullValue());
        }
        var refused = as(token).get("/api/v1/tokens/me");
        Refusals.problem("one too many", refused, 429, "rate_limited");
        refused.then()
                .body("type", equalTo("https://iana.org/assignments/http-problem-types#quota-exceeded"))
                .body("violated_policies", equalTo(List.of("minute")))
                .header("RateLimit", matchesPattern("\"minute\";r=0;t=(60|5\\d)"));
        var seconds = Integer.parseInt(refused.header("Retry-After"));
        assertTrue(seconds >= 50 && seconds <= 60, "Retry-After " + seconds);
    }

    @Test
    void theWindowClosestToItsEndIsTheOneThatIsTold() {
        var token = limited(Map.of("per_minute", 100, "per_hour", 50, "per_day", 1));
        as(token)
                .get("/api/v1/tokens/me")
                .then()
                .statusCode(200)
                .header("RateLimit", matchesPattern("\"day\";r=0;t=\\d+"));
        as(token)
                .get("/api/v1/tokens/me")
                .then()
                .statusCode(429)
                .body("violated_policies", equalTo(List.of("day")))
                .header("X-RateLimit-Limit", "1");
    }

    @Test
    void ofManyCallsAtOnceExactlyTheLimitIsAdmitted() {
        var token = limited(Map.of("per_minute", 5));
        var statuses = Together.run(
                40, number -> as(token).get("/api/v1/tokens/me/usage").statusCode());
        assertEquals(5, statuses.stream().filter(status -> status == 200).count(), statuses.toString());
        assertEquals(35, statuses.stream().filter(status -> status == 429).count(), statuses.toString());
    }

    @Test
    void callsThatAreNotAllowedAreLimitedTooAndRefusedCallsCostNothing() {
        var token = limited(Map.of("per_minute", 2, "per_hour", 10));
        as(token).get("/api/v1/tokens").then().statusCode(403).header("X-RateLimit-Remaining", "1");
        as(token).get("/api/v1/tokens").then().statusCode(403);
        for (var i = 0; i < 5; i++) {
            as(token).get("/api/v1/tokens").then().statusCode(429);
        }
        // The hour lost two calls only: once the minute has room, the eight that are left are there.
        var id = Tables.value("select id from api_tokens where created_by = '" + user.id() + "'");
        user.calls().body(Map.of("rate_limits", Map.of("per_minute", 100))).patch("/api/v1/tokens/" + id);
        as(token)
                .get("/api/v1/tokens")
                .then()
                .statusCode(403)
                .header("RateLimit", matchesPattern("\"hour\";r=7;t=\\d+"));
    }

    @Test
    void tokensHaveBudgetsOfTheirOwnAndSessionsOneForEachUser() {
        var one = limited(Map.of("per_minute", 1));
        var other = limited(Map.of("per_minute", 1));
        as(one).get("/api/v1/tokens/me").then().statusCode(200);
        as(one).get("/api/v1/tokens/me").then().statusCode(429);
        as(other).get("/api/v1/tokens/me").then().statusCode(200);

        var someone = newUser();
        var left = someone.calls().get("/api/auth/me").header("X-RateLimit-Remaining");
        var elsewhere = Api.logIn(someone.username(), Api.PASSWORD);
        elsewhere
                .calls()
                .get("/api/auth/me")
                .then()
                .header("X-RateLimit-Remaining", String.valueOf(Integer.parseInt(left) - 1));
    }

    @Test
    void theKeysOfTheServiceAreNotLimited() {
        io.restassured.RestAssured.given()
                .get("/.well-known/jwks.json")
                .then()
                .statusCode(200)
                .header("RateLimit", nullValue());
    }

    private String limited(Map<String, Integer> limits) {
        return newToken(user, Map.of("name", "limited", "scopes", List.of("read:audits"), "rate_limits", limits))
                .path("token");
    }
}
