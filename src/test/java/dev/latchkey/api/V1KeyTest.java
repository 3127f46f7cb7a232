package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.ApiKeys.V2;
import static dev.latchkey.api.ApiKeys.newBasicKey;
import static dev.latchkey.api.ApiKeys.validate;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class V1KeyTest {

    private static Response register(RequestSpecification caller, String role) {
        return caller.body(Map.of("name", "old key", "key_type", role)).post("/api/auth/register_api_key");
    }

    private static Response validateV1(String text) {
        return as(text).get("/api/auth/validate");
    }

    private static void assertSaysThatItEnds(Response answer) {
        assertEquals("@1793491200", answer.header("Deprecation"));
        assertEquals("Mon, 01 Nov 2027 00:00:00 GMT", answer.header("Sunset"));
        assertTrue(answer.header("Link").contains("</api/auth/v2/migrate>; rel=\"successor-version\""));
        assertNull(answer.header("Warning"));
    }

    @Test
    void whatWorkedGoesOnAndEveryAnswerSaysThatItEnds() {
        var key = register(anonymous(), "basic");
        key.then().statusCode(201).body("role", equalTo("basic"));
        assertSaysThatItEnds(key);
        var valid = validateV1(key.<String>path("api_key"));
        valid.then().statusCode(200).body("valid", equalTo(true)).body("key_id", equalTo(key.<Object>path("key_id")));
        assertSaysThatItEnds(valid);
        assertSaysThatItEnds(validateV1("garbage"));
        assertSaysThatItEnds(anonymous().get("/api/auth/validate"));
        assertSaysThatItEnds(register(anonymous(), "admin"));
        assertSaysThatItEnds(register(anonymous(), "nonsense"));
    }

    @Test
    void rulesAreThoseOfTheNextVersion() {
        register(anonymous(), "contributor").then().statusCode(403).body("code", equalTo("insufficient_permissions"));
        register(anonymous(), "x").then().statusCode(400).body("code", equalTo("invalid_role"));
        register(Api.admin().calls(), "Node-Operator").then().statusCode(201).body("role", equalTo("node_operator"));
        anonymous()
                .body(Map.of("name", "ab", "key_type", "basic"))
                .post("/api/auth/register_api_key")
                .then()
                .statusCode(422)
                .body("errors.field", hasItem("name"));
        var user = Api.newUser();
        String text = register(user.calls(), "basic").path("api_key");
        as(Api.newToken(user, "verify:tokens"))
                .body(Map.of("token", text, "scopes", List.of("chat:read")))
                .post("/api/v1/verify")
                .then()
                .body("code", equalTo("VALID"))
                .body("kind", equalTo("v1_key"))
                .body("role", equalTo("basic"));
    }

    @Test
    void neitherVersionTakesTheOthersKeys() {
        String old = register(anonymous(), "basic").path("api_key");
        validate(old).then().statusCode(401).body("code", equalTo("invalid_token"));
        validateV1(newBasicKey()).then().statusCode(401).body("code", equalTo("invalid_token"));
        as(newBasicKey()).post(V2 + "/migrate").then().statusCode(401);
        anonymous()
                .body(Map.of("current_key", old))
                .post(V2 + "/refresh")
                .then()
                .statusCode(401);
    }

    @Test
    void migratingMakesAKeyOfTheSameRoleAndTheOldOneGoesOnForAWhile() {
        var admin = Api.admin();
        var old = register(admin.calls(), "contributor");
        String text = old.path("api_key");
        var migrated = as(text).post(V2 + "/migrate");
        migrated.then()
                .statusCode(201)
                .body("role", equalTo("contributor"))
                .body("replaces.key_id", equalTo(old.<Object>path("key_id")));
        validate(migrated.<String>path("api_key")).then().statusCode(200);
        validateV1(text)
                .then()
                .statusCode(200)
                .body("expires_at", equalTo(migrated.<Object>path("replaces.works_until")));
        var grace = Duration.between(Instant.now(), Instant.parse(migrated.path("replaces.works_until")));
        assertEquals(30, grace.plusMinutes(1).toDays());
        // Another browser that holds the same key migrates as well, and the grace does not begin anew.
        var again = as(text).post(V2 + "/migrate");
        again.then()
                .statusCode(201)
                .body("replaces.works_until", equalTo(migrated.<Object>path("replaces.works_until")));
        validate(migrated.<String>path("api_key")).then().statusCode(200);
        var report = admin.calls().get(V2 + "/migration");
        report.then().statusCode(200).body("phase", equalTo("on")).body("sunset", equalTo("2027-11-01"));
        assertTrue(report.<Integer>path("migrated") >= 1);
        Tables.change(
                "update v1_keys set expires_at = now() - interval '1 second' where key_id = ?",
                old.<String>path("key_id"));
    }

    @Test
    void anAdministratorOfTheTenantRevokesByTheIdThatTheReportShows() {
        var user = Api.newUser();
        var key = register(user.calls(), "basic");
        String text = key.path("api_key");
        var body = Map.of("key_id", key.<String>path("key_id"));
        Api.newUser().calls().body(body).post(V2 + "/migration/revoke").then().statusCode(404);
        validateV1(text).then().statusCode(200);
        for (var i = 0; i < 2; i++) {
            user.calls().body(body).post(V2 + "/migration/revoke").then().statusCode(204);
        }
        validateV1(text).then().statusCode(401).body("code", equalTo("revoked_token"));
        as(text).post(V2 + "/migrate").then().statusCode(401);
    }

    @Test
    void aV1KeyIsRevokedAsAllOthersAre() {
        var user = Api.newUser();
        String text = register(user.calls(), "basic").path("api_key");
        validateV1(text).then().statusCode(200);
        user.calls()
                .contentType(OAuthCalls.FORM)
                .body("token=" + text)
                .post("/oauth2/revoke")
                .then()
                .statusCode(200);
        validateV1(text).then().statusCode(401).body("code", equalTo("revoked_token"));
    }
}
