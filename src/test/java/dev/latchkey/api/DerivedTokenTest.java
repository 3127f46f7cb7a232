package dev.latchkey.api;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.ApiKeys.V2;
import static dev.latchkey.api.ApiKeys.newBasicKey;
import static dev.latchkey.api.ApiKeys.newKey;
import static dev.latchkey.api.ApiKeys.validate;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
class DerivedTokenTest {

    private static Response derive(String key, List<String> scopes, Object ttl) {
        return as(key).body(Map.of("scopes", scopes, "ttl", ttl)).post(V2 + "/derive");
    }

    @Test
    void itDoesWhatItWasDerivedForAndNoMore() {
        var user = Api.newUser();
        var gateway = Api.newToken(user, "verify:tokens");
        var key = newKey(user.calls(), "basic");
        var derived = derive(key.<String>path("api_key"), List.of("chat:read"), 60);
        derived.then().statusCode(201).body("expires_in", equalTo(60)).body("scopes", equalTo(List.of("chat:read")));
        var allowed = as(gateway)
                .body(Map.of("token", derived.<String>path("token"), "scopes", List.of("chat:read")))
                .post("/api/v1/verify");
        allowed.then()
                .body("code", equalTo("VALID"))
                .body("kind", equalTo("derived_token"))
                .body("key_id", equalTo(key.<Object>path("key_id")))
                .body("expires_at", equalTo(derived.<Object>path("expires_at")));
        as(gateway)
                .body(Map.of("token", derived.<String>path("token"), "scopes", List.of("chat:write")))
                .post("/api/v1/verify")
                .then()
                .body("code", equalTo("INSUFFICIENT_SCOPE"));
    }

    @Test
    void itUsesTheLimitsOfItsKeyAndDiesWithItAtOnce() {
        String key = newBasicKey();
        validate(key);
        String derived = derive(key, List.of("chat:read"), 3600).path("token");
        assertEquals(
                "7",
                validate(derived).header("X-RateLimit-Remaining"),
                "one for the key, one to derive, one for itself");
        as(key).post(V2 + "/revoke").then().statusCode(200);
        validate(derived).then().statusCode(401).body("code", equalTo("revoked_token"));
    }

    @Test
    void itMayNeitherDeriveNorRefreshNorCreateNorRevoke() {
        String admin = newKey(Api.admin().calls(), "admin").path("api_key");
        String derived =
                derive(admin, List.of("admin:write", "chat:read"), 3600).path("token");
        derive(derived, List.of("chat:read"), 60).then().statusCode(403);
        as(derived).post(V2 + "/revoke").then().statusCode(403);
        ApiKeys.register(as(derived), "basic").then().statusCode(403).body("allowed_roles", equalTo(List.of()));
        ApiKeys.register(as(derived), "admin").then().statusCode(403).body("code", equalTo("insufficient_permissions"));
        Api.anonymous()
                .body(Map.of("current_key", derived))
                .post(V2 + "/refresh")
                .then()
                .statusCode(401);
        validate(admin).then().statusCode(200);
    }

    @Test
    void moreThanTheKeyHasOrLongerThanAnHourIsRefused() {
        String key = newBasicKey();
        derive(key, List.of("admin:read"), 60)
                .then()
                .statusCode(403)
                .body("code", equalTo("insufficient_scope"))
                .body("required_scopes", hasItem("admin:read"));
        for (var ttl : List.of(0, -1, 3601, Integer.MAX_VALUE)) {
            derive(key, List.of("chat:read"), ttl).then().statusCode(422).body("errors.field", hasItem("ttl"));
        }
        for (var body : List.of(
                "",
                "{}",
                "{\"scopes\":[],\"ttl\":5}",
                "{\"scopes\":\"chat:read\",\"ttl\":5}",
                "{\"scopes\":[\"chat:read\"]}",
                "{\"scopes\":[\"chat:read\"],\"ttl\":1.5}")) {
            var status = as(newBasicKey()).body(body).post(V2 + "/derive").statusCode();
            assertTrue(Set.of(400, 422).contains(status), body + ": " + status);
        }
    }

    @Test
    void itExpires() throws InterruptedException {
        String key = newBasicKey();
        String derived = derive(key, List.of("chat:read"), 1).path("token");
        Thread.sleep(1100);
        validate(derived).then().statusCode(401).body("code", equalTo("expired_token"));
        validate(key).then().statusCode(200);
    }
}
