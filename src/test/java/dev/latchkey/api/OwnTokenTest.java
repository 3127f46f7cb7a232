package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a token asks about itself, and the usage that it and its owner see. */
@QuarkusTest
class OwnTokenTest {

    private Someone user = NOBODY;

    @BeforeEach
    void someone() {
        user = newUser();
    }

    @Test
    void aTokenLearnsWhatItIsAndWhatIsLeftOfItsLimits() {
        var created = newToken(
                user, Map.of("name", "me", "scopes", List.of("read:audits"), "rate_limits", Map.of("per_minute", 10)));
        String token = created.path("token");
        for (var left : List.of(9, 8)) {
            as(token)
                    .get("/api/v1/tokens/me")
                    .then()
                    .statusCode(200)
                    .body("id", equalTo(created.path("id")))
                    .body("tenant_id", equalTo(user.tenantId()))
                    .body("token", nullValue())
                    .body("limits", hasSize(3))
                    .body("limits[0].name", equalTo("minute"))
                    .body("limits[0].limit", equalTo(10))
                    .body("limits[0].remaining", equalTo(left))
                    .body("limits[2].remaining", equalTo(10000 - 10 + left));
        }
    }

    @Test
    void aTokenOfNoUseEndsItselfAtOnce() {
        var token = newToken(user, "read:reports");
        as(token).post("/api/v1/tokens/me/revoke").then().statusCode(204);
        as(token).post("/api/v1/tokens/me/revoke").then().statusCode(401).body("code", equalTo("revoked_token"));
    }

    @Test
    void aCallShowsInTheUsageWithinTwoSeconds() {
        var created = newToken(user, Map.of("name", "used", "scopes", List.of("read:audits")));
        String token = created.path("token");
        as(token).get("/api/v1/tokens/me").then().statusCode(200);
        as(token).get("/api/v1/tokens").then().statusCode(403);

        Eventually.within(2, () -> user.calls()
                .get("/api/v1/tokens/" + created.path("id") + "/usage")
                .then()
                .statusCode(200)
                .body("total_requests", equalTo(2)));

        user.calls()
                .queryParam("granularity", "minute")
                .get("/api/v1/tokens/" + created.path("id") + "/usage")
                .then()
                .body("token_id", equalTo(created.path("id")))
                .body("granularity", equalTo("minute"))
                .body("total_errors", equalTo(1))
                .body("points.requests.sum()", equalTo(2))
                .body("by_endpoint.find { it.endpoint == '/api/v1/tokens/me' }.requests", equalTo(1))
                .body("by_endpoint.find { it.endpoint == '/api/v1/tokens' }.errors", equalTo(1));
    }

    @Test
    void aTokenSeesItsOwnUsageAndAUserThatOfAllTheirTokens() {
        var one = newToken(user, "read:audits");
        var other = newToken(user, "read:audits");
        as(one).get("/api/v1/tokens/me").then().statusCode(200);
        as(other).get("/api/v1/tokens/me").then().statusCode(200);
        as(other).get("/api/v1/tokens/me").then().statusCode(200);

        Eventually.within(2, () -> user.calls()
                .get("/api/v1/tokens/me/usage")
                .then()
                .statusCode(200)
                .body("token_id", nullValue())
                .body("total_requests", equalTo(3)));

        as(one).get("/api/v1/tokens/me/usage").then().body("total_requests", equalTo(1));
        newUser().calls().get("/api/v1/tokens/me/usage").then().body("total_requests", equalTo(0));
    }

    @Test
    void aCallIsMeteredByItsTemplateWithItsRequestId() {
        var created = newToken(user, Map.of("name", "metered", "scopes", List.of("admin:tenant")));
        as(created.path("token"))
                .header("X-Request-Id", "metered-" + created.path("id"))
                .get("/api/v1/tokens/" + created.path("id"))
                .then()
                .statusCode(200);
        Eventually.within(
                2,
                () -> assertEquals(
                        "GET /api/v1/tokens/{id} 200 metered-" + created.path("id") + " true",
                        Tables.value(
                                "select max(method || ' ' || endpoint || ' ' || status || ' ' || request_id || ' ' || (bytes > 100))"
                                        + " from token_usage_events where credential_id = '" + created.path("id")
                                        + "'")));
    }

    @Test
    void refusedAndAnonymousCallsAreNotMetered() {
        var created = newToken(user, Map.of("name", "revoked", "scopes", List.of("read:audits")));
        user.calls().delete("/api/v1/tokens/" + created.path("id"));
        as(created.path("token")).get("/api/v1/tokens/me").then().statusCode(401);
        var marker = newToken(user, Map.of("name", "marker", "scopes", List.of("read:audits")));
        as(marker.path("token")).get("/api/v1/tokens/me").then().statusCode(200);
        Eventually.within(2, () -> assertEquals("1", events(marker.path("id"))));
        assertEquals("0", events(created.path("id")));
    }

    private static String events(String id) {
        return Tables.value("select count(*) from token_usage_events where credential_id = '" + id + "'");
    }
}
