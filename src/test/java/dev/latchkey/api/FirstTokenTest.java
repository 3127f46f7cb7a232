package dev.latchkey.api;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class FirstTokenTest {

    @Test
    void aTokenWorksUntilItIsRevokedAndIsRefusedAtOnceAfterwards() {
        var user = newUser();
        var created = newToken(user, Map.of("name", "first", "scopes", List.of("write:audits", "read:audits")));
        String token = created.then()
                .body("token", matchesPattern("lk_live_[0-9A-Za-z]{36}"))
                .body("status", equalTo("active"))
                .body("rate_limits.per_minute", equalTo(60))
                .body("credits", nullValue())
                .extract()
                .path("token");
        String id = created.path("id");

        as(token)
                .get("/api/v1/tokens/me")
                .then()
                .statusCode(200)
                .header("RateLimit-Policy", "\"minute\";q=60;w=60, \"hour\";q=1000;w=3600, \"day\";q=10000;w=86400")
                .header("RateLimit", matchesPattern("\"minute\";r=59;t=\\d+"))
                .header("X-Request-Id", notNullValue())
                .body("id", equalTo(id));

        user.calls().delete("/api/v1/tokens/" + id).then().statusCode(204);

        as(token)
                .get("/api/v1/tokens/me")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", matchesPattern("Bearer .*error=\"invalid_token\".*"))
                .body("code", equalTo("revoked_token"));
    }
}
