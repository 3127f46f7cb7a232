package dev.latchkey.api;

import static dev.latchkey.api.Api.as;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Behind a proxy that is trusted, with a narrow limit for each address and access tokens that live for a moment. */
@QuarkusTest
@TestProfile(AnonymousCallsTest.BehindAProxy.class)
class AnonymousCallsTest {

    /** The settings that would be in the way of every other test. */
    public static final class BehindAProxy implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "latchkey.http.trusted-proxies", "127.0.0.0/8",
                    "latchkey.limits.anonymous.per-minute", "3",
                    "latchkey.session.access-life", "5s");
        }
    }

    @Test
    void eachClientAddressHasItsOwnBudget() {
        for (var left : List.of("2", "1", "0")) {
            register("198.51.100.1").then().statusCode(422).header("X-RateLimit-Remaining", left);
        }
        var refused = register("198.51.100.1");
        Refusals.problem("one too many", refused, 429, "rate_limited");
        refused.then()
                .header(
                        "RateLimit-Policy",
                        matchesPattern("\"minute\";q=3;w=60, \"hour\";q=\\d+;w=3600, \"passwords\";q=\\d+;w=60"))
                .header("Retry-After", matchesPattern("\\d+"))
                .body("violated_policies", equalTo(List.of("minute")));
        register("198.51.100.2").then().statusCode(422);
    }

    @Test
    void whoPretendsToBeSomeoneElseSpendsTheirOwnBudgetAllTheSame() {
        for (var i = 0; i < 3; i++) {
            register("203.0.113." + i + ", 198.51.100.9").then().statusCode(422);
        }
        register("203.0.113.77, 198.51.100.9").then().statusCode(429);
    }

    @Test
    void onlyWhatHashesAPasswordCountsAgainstTheLimitOfPasswords() {
        logIn("192.0.2.50").then().statusCode(200).header("RateLimit-Policy", containsString("\"passwords\";q="));
        given().contentType("application/json")
                .header("X-Forwarded-For", "192.0.2.50")
                .body(Map.of("refresh_token", "none"))
                .post("/api/auth/refresh")
                .then()
                .statusCode(401)
                .header("RateLimit-Policy", not(containsString("passwords")));
    }

    @Test
    void aRefusedCredentialIsChargedToItsAddressAndGarbageIsNot() {
        for (var i = 0; i < 5; i++) {
            whoAmI("lk_live_" + "0".repeat(36)).then().statusCode(401);
        }
        for (var i = 0; i < 3; i++) {
            whoAmI("eyJhbGciOiJFUzI1NiJ9.e30.AAAA").then().statusCode(401);
        }
        var refused = whoAmI("eyJhbGciOiJFUzI1NiJ9.e30.AAAA");
        Refusals.problem("one guess too many", refused, 429, "rate_limited");
        refused.then().header("Retry-After", matchesPattern("\\d+"));
    }

    private static Response whoAmI(String credential) {
        return as(credential).header("X-Forwarded-For", "198.51.100.77").get("/api/v1/tokens/me");
    }

    @Test
    void aNetworkOfIpv6IsOneClient() {
        for (var i = 0; i < 3; i++) {
            register("2001:db8:1:2::" + i).then().statusCode(422);
        }
        register("2001:db8:1:2:ffff::").then().statusCode(429);
        register("2001:db8:1:3::1").then().statusCode(422);
    }

    @Test
    void theAddressOnRecordAndForTokensIsTheClients() {
        var session = logIn("198.51.100.20");
        var token = as(session.path("access_token"))
                .header("X-Forwarded-For", "198.51.100.20")
                .body(Map.of(
                        "name", "x", "scopes", List.of("read:audits"), "allowed_cidrs", List.of("198.51.100.0/24")))
                .post("/api/v1/tokens");
        token.then().statusCode(201);
        assertEquals(
                "198.51.100.20",
                Tables.value("select address from audit_log where subject_id = '" + token.path("id") + "'"));
        for (var address : Map.of("198.51.100.77", 200, "203.0.113.1", 403, "198.51.100.77, 203.0.113.1", 403)
                .entrySet()) {
            as(token.path("token"))
                    .header("X-Forwarded-For", address.getKey())
                    .get("/api/v1/tokens/me")
                    .then()
                    .statusCode(address.getValue());
        }
    }

    @Test
    void anAccessTokenExpiresOnTimeAndIsRefreshed() throws InterruptedException {
        var session = logIn("198.51.100.30");
        session.then().body("expires_in", equalTo(5));
        as(session.path("access_token"))
                .get("/api/auth/me")
                .then()
                .statusCode(200)
                .header("Retry-After", nullValue());
        Thread.sleep(5000);
        var answer = as(session.path("access_token")).get("/api/auth/me");
        Refusals.problem("expired", answer, 401, "expired_token");
        var refreshed = given().contentType("application/json")
                .header("X-Forwarded-For", "198.51.100.30")
                .body(Map.of("refresh_token", session.path("refresh_token")))
                .post("/api/auth/refresh");
        as(refreshed.path("access_token")).get("/api/auth/me").then().statusCode(200);
    }

    private static Response logIn(String address) {
        return given().contentType("application/json")
                .header("X-Forwarded-For", address)
                .body(Map.of("username", "admin", "password", "correct-horse-battery-staple-test"))
                .post("/api/auth/login");
    }

    private static Response register(String forwardedFor) {
        return given().contentType("application/json")
                .header("X-Forwarded-For", forwardedFor)
                .body("{}")
                .post("/api/auth/register");
    }
}
