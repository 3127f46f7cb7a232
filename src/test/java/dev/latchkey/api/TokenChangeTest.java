package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every change of a token counts from the next call on, though the token was used the moment before. */
@QuarkusTest
class TokenChangeTest {

    private Someone user = NOBODY;
    private String text = "";
    private String id = "";

    @BeforeEach
    void aTokenThatMayDoEverything() {
        user = newUser();
        var created = newToken(user, Map.of("name", "before", "scopes", List.of("admin:tenant")));
        text = created.path("token");
        id = created.path("id");
    }

    @Test
    void aNewNameAndNewMetadataShowAtOnce() {
        me().body("name", equalTo("before"));
        change(Map.of("name", "after", "metadata", Map.of("team", "blue")));
        me().body("name", equalTo("after")).body("metadata.team", equalTo("blue"));
        change(Map.of("metadata", Map.of()));
        me().body("metadata", equalTo(Map.of())).body("name", equalTo("after"));
    }

    @Test
    void takenScopesAreGoneAtOnce() {
        as(text).get("/api/v1/tokens").then().statusCode(200);
        change(Map.of("scopes", List.of("read:audits")));
        as(text).get("/api/v1/tokens").then().statusCode(403).body("code", equalTo("insufficient_scope"));
        change(Map.of("scopes", List.of("admin:tenant")));
        as(text).get("/api/v1/tokens").then().statusCode(200);
    }

    @Test
    void newLimitsHoldAtOnceAndEachByItself() {
        me().header("RateLimit-Policy", startsWith("\"minute\";q=60;w=60, \"hour\";q=1000"));
        change(Map.of("rate_limits", Map.of("per_minute", 100)));
        me().header("RateLimit-Policy", startsWith("\"minute\";q=100;w=60, \"hour\";q=1000"));
        change(Map.of("rate_limits", Map.of("per_minute", 1)));
        as(text).get("/api/v1/tokens/me").then().statusCode(429);
    }

    @Test
    void aDisabledTokenIsRefusedUntilItIsEnabledAgain() {
        me();
        change(Map.of("enabled", false)).body("status", equalTo("disabled"));
        assertRefused(401, "disabled_token");
        change(Map.of("enabled", true)).body("status", equalTo("active"));
        me();
    }

    @Test
    void aTokenIsRefusedFromOutsideItsAddresses() {
        me();
        change(Map.of("allowed_cidrs", List.of("10.0.0.0/8", "::/0")));
        assertRefused(403, "forbidden_address");
        change(Map.of("allowed_cidrs", List.of("10.0.0.0/8", "127.0.0.0/8")));
        me();
        change(Map.of("allowed_cidrs", List.of("10.0.0.0/8")));
        // Nobody is a proxy here whose word would count.
        as(text).header("X-Forwarded-For", "10.0.0.1")
                .get("/api/v1/tokens/me")
                .then()
                .statusCode(403);
        change(Map.of("allowed_cidrs", List.of()));
        me();
    }

    @Test
    void aTokenExpiresOnTimeThoughItIsInMemory() throws InterruptedException {
        var expiry = Instant.now().plusSeconds(3);
        var shortLived = newToken(
                user, Map.of("name", "short", "scopes", List.of("read:audits"), "expires_at", expiry.toString()));
        as(shortLived.path("token")).get("/api/v1/tokens/me").then().statusCode(200);
        Thread.sleep(java.time.Duration.between(Instant.now(), expiry).plusMillis(20));
        var answer = as(shortLived.path("token")).get("/api/v1/tokens/me");
        Refusals.problem("expired", answer, 401, "expired_token");
        user.calls().get("/api/v1/tokens/" + shortLived.path("id")).then().body("status", equalTo("expired"));
    }

    @Test
    void aRevokedTokenIsRefusedAtOnceAndForGood() {
        me();
        user.calls().delete("/api/v1/tokens/" + id).then().statusCode(204);
        assertRefused(401, "revoked_token");
        var recorded = Tables.value("select revoked_at from api_tokens where id = '" + id + "'");
        user.calls().delete("/api/v1/tokens/" + id).then().statusCode(204);
        assertEquals(recorded, Tables.value("select revoked_at from api_tokens where id = '" + id + "'"));
        change(Map.of("enabled", true)).body("status", equalTo("revoked"));
        assertRefused(401, "revoked_token");
        assertEquals(
                "1",
                Tables.value(
                        "select count(*) from audit_log where action = 'token.revoked' and subject_id = '" + id + "'"));
    }

    @Test
    void aChangeOfNothingChangesNothing() {
        Map<String, Object> before = user.calls().get("/api/v1/tokens/" + id).path("");
        for (var nothing : List.of("{}", "{\"name\":null,\"scopes\":null,\"enabled\":null,\"metadata\":null}")) {
            Map<String, Object> after =
                    user.calls().body(nothing).patch("/api/v1/tokens/" + id).path("");
            assertEquals(before, after);
        }
    }

    @Test
    void ofManyChangesAtOnceNoneIsHalfDone() {
        var statuses = Together.run(10, number -> user.calls()
                .body(Map.of("name", "name " + number, "metadata", Map.of("number", number)))
                .patch("/api/v1/tokens/" + id)
                .statusCode());
        assertEquals(java.util.Collections.nCopies(10, 200), statuses);
        var token = user.calls().get("/api/v1/tokens/" + id);
        assertEquals(token.<String>path("name"), "name " + token.path("metadata.number"));
        me().body("name", equalTo(token.<String>path("name")));
    }

    @Test
    void theLastUseShowsSoon() {
        me();
        Eventually.within(
                2, () -> user.calls().get("/api/v1/tokens/" + id).then().body("last_used_at", notNullValue()));
    }

    private ValidatableResponse me() {
        return as(text).get("/api/v1/tokens/me").then().statusCode(200);
    }

    private ValidatableResponse change(Map<String, ?> fields) {
        return user.calls().body(fields).patch("/api/v1/tokens/" + id).then().statusCode(200);
    }

    private void assertRefused(int status, String code) {
        Refusals.problem(code, as(text).get("/api/v1/tokens/me"), status, code);
    }
}
