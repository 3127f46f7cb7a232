package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.api.VerifyTest.verify;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A limit that only watches refuses nothing, and tells what it would have refused: in the answer, in usage and in a metric. */
@QuarkusTest
class ShadowLimitsTest {

    private static final String METRIC = "latchkey_limit_shadow_refusals";

    private Someone owner = NOBODY;

    @BeforeEach
    void someone() {
        owner = newUser();
    }

    @Test
    void nothingIsRefusedAndWhatWouldHaveBeenIsRecorded() {
        var created = token(Map.of("per_minute", 60), Map.of("per_minute", 2, "per_day", 2));
        String token = created.path("token");
        var before = Meters.count(METRIC, "policy", "minute");
        var violated = List.of(List.of(), List.of(), List.of("minute", "day"), List.of("minute", "day"));
        for (var names : violated) {
            verify(owner, Map.of("token", token))
                    .body("code", equalTo("VALID"))
                    .body("violated_policies", equalTo(List.of()))
                    .body("rate_limits.name", equalTo(List.of("minute", "hour", "day")))
                    .body("shadow.would_refuse", equalTo(!names.isEmpty()))
                    .body("shadow.violated_policies", equalTo(names));
        }
        assertEquals(2, Meters.count(METRIC, "policy", "minute") - before);
        assertUsage(
                created,
                List.of(),
                List.of(Map.of("policy", "day", "requests", 2), Map.of("policy", "minute", "requests", 2)));
    }

    @Test
    void whatIsRefusedByARealLimitOrWouldBeByAnyShadowCountsInNoShadow() {
        var created = token(
                Map.of("per_minute", 3),
                Map.of("per_minute", 1, "burst", Map.of("capacity", 2, "refill_per_second", 0.01)));
        String token = created.path("token");
        for (var i = 0; i < 3; i++) {
            verify(owner, Map.of("token", token)).body("code", equalTo("VALID"));
        }
        for (var i = 0; i < 2; i++) {
            verify(owner, Map.of("token", token))
                    .body("code", equalTo("RATE_LIMITED"))
                    .body("violated_policies", equalTo(List.of("minute")))
                    .body("shadow.would_refuse", equalTo(false));
        }
        assertUsage(
                created,
                List.of(Map.of("policy", "minute", "requests", 2)),
                List.of(Map.of("policy", "minute", "requests", 2)));
    }

    @Test
    void gatewaysAndTheTokensOwnCallsSeeNothingOfIt() {
        String token = token(Map.of("per_minute", 60), Map.of("per_minute", 1)).path("token");
        for (var i = 0; i < 3; i++) {
            for (var path : List.of("/api/v1/forward-auth", "/api/v1/tokens/me")) {
                as(token)
                        .get(path)
                        .then()
                        .statusCode(200)
                        .header(
                                "RateLimit-Policy",
                                "\"minute\";q=60;w=60, \"hour\";q=1000;w=3600, \"day\";q=10000;w=86400")
                        .header("X-RateLimit-Limit", "60");
            }
        }
        as(token).get("/api/v1/tokens/me").then().body("limits.name", equalTo(List.of("minute", "hour", "day")));
    }

    @Test
    void aChangeReplacesThemAllAndAnEmptyObjectTakesThemAway() {
        var created = token(Map.of("per_minute", 60), Map.of("per_minute", 1));
        String token = created.path("token");
        created.then().body("shadow_rate_limits", equalTo(Map.of("per_minute", 1)));
        var id = created.path("id");
        owner.calls()
                .body("{\"shadow_rate_limits\":{\"per_hour\":5,\"burst\":{\"capacity\":3,\"refill_per_second\":0.5}}}")
                .patch("/api/v1/tokens/" + id)
                .then()
                .statusCode(200)
                .body("shadow_rate_limits.per_minute", nullValue())
                .body("shadow_rate_limits.per_hour", equalTo(5))
                .body("shadow_rate_limits.burst.refill_per_second", equalTo(0.5f));
        verify(owner, Map.of("token", token)).body("shadow.would_refuse", equalTo(false));
        owner.calls()
                .body("{}")
                .post("/api/v1/tokens/" + id + "/rotate")
                .then()
                .body("shadow_rate_limits.per_hour", equalTo(5));
        var other = token(Map.of("per_minute", 60), Map.of("per_minute", 1));
        owner.calls()
                .body("{\"shadow_rate_limits\":{}}")
                .patch("/api/v1/tokens/" + other.path("id"))
                .then()
                .statusCode(200)
                .body(not(containsString("shadow_rate_limits")));
        verify(owner, Map.of("token", other.<String>path("token"))).body(not(containsString("shadow")));
    }

    private void assertUsage(Response created, List<?> violated, List<?> shadowViolated) {
        for (var granularity : List.of("minute", "hour", "day")) {
            Eventually.within(30, () -> owner.calls()
                    .get("/api/v1/tokens/" + created.path("id") + "/usage?granularity=" + granularity)
                    .then()
                    .statusCode(200)
                    .body("violated", equalTo(violated))
                    .body("shadow_violated", equalTo(shadowViolated)));
        }
    }

    private Response token(Map<String, ?> limits, Map<String, ?> shadow) {
        return newToken(
                owner,
                Map.of(
                        "name",
                        "watched",
                        "scopes",
                        List.of("read:audits"),
                        "rate_limits",
                        limits,
                        "shadow_rate_limits",
                        shadow));
    }
}
