package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.ApiKeys.V2;
import static dev.latchkey.api.ApiKeys.validate;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Shortly before the end of the first version: it works, and warns. */
@QuarkusTest
@TestProfile(V1WarnTest.Warning.class)
class V1WarnTest {

    /** A sunset that no run of the tests sees. */
    public static final class Warning implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("LATCHKEY_V1", "warn", "LATCHKEY_V1_SUNSET", "2199-11-01");
        }
    }

    @Test
    void everyAnswerWarnsAndSaysThatItEnds() {
        assertWarns(register("basic"), 201);
        assertWarns(register("admin"), 403);
        assertWarns(register("nonsense"), 400);
        assertWarns(validateV1(newV1Key()), 200);
        assertWarns(validateV1("garbage"), 401);
        assertWarns(anonymous().get("/api/auth/validate"), 401);
        assertWarns(anonymous().urlEncodingEnabled(false).get("/api/auth/validate;a=b"), 401);
    }

    @Test
    void keysWorkAsBefore() {
        var user = Api.newUser();
        String text = user.calls()
                .body(Map.of("name", "old key", "key_type", "basic"))
                .post("/api/auth/register_api_key")
                .path("api_key");
        as(text).get("/api/v1/forward-auth?scope=chat:read").then().statusCode(200);
        as(Api.newToken(user, "verify:tokens"))
                .body(Map.of("token", text))
                .post("/api/v1/verify")
                .then()
                .body("code", equalTo("VALID"))
                .body("kind", equalTo("v1_key"));
    }

    @Test
    void migratingWorksAsBefore() {
        var migrated = as(newV1Key()).post(V2 + "/migrate");
        migrated.then().statusCode(201).body("role", equalTo("basic"));
        validate(migrated.<String>path("api_key")).then().statusCode(200);
    }

    @Test
    void theReportTellsThePhaseAndTheDay() {
        Api.admin()
                .calls()
                .get(V2 + "/migration")
                .then()
                .statusCode(200)
                .body("phase", equalTo("warn"))
                .body("sunset", equalTo("2199-11-01"));
    }

    private static Response register(String role) {
        return anonymous().body(Map.of("name", "old key", "key_type", role)).post("/api/auth/register_api_key");
    }

    private static String newV1Key() {
        return register("basic").path("api_key");
    }

    private static Response validateV1(String text) {
        return as(text).get("/api/auth/validate");
    }

    private static void assertWarns(Response answer, int status) {
        assertEquals(status, answer.statusCode(), answer.asString());
        assertEquals("299 - \"This version ends on 2199-11-01; migrate to the next one\"", answer.header("Warning"));
        assertEquals("@1793491200", answer.header("Deprecation"));
        assertEquals("Fri, 01 Nov 2199 00:00:00 GMT", answer.header("Sunset"));
        assertTrue(answer.header("Link").contains("</api/auth/v2/migrate>; rel=\"successor-version\""));
    }
}
