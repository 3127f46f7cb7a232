package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.ApiKeys.V2;
import static dev.latchkey.api.ApiKeys.newBasicKey;
import static dev.latchkey.api.ApiKeys.newKey;
import static dev.latchkey.api.ApiKeys.part;
import static dev.latchkey.api.ApiKeys.register;
import static dev.latchkey.api.ApiKeys.validate;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ApiKeyTest {

    private static final Set<String> BASIC = Set.of("chat:read", "chat:write");

    @Test
    void anyoneGetsABasicKeyThatSaysOfItselfWhatTheAnswerSays() {
        var answer = anonymous()
                .body("{\"name\":\"my key\",\"key_type\":\"basic\",\"metadata\":{\"plan\":\"free\"}}")
                .post(V2 + "/register");
        answer.then()
                .statusCode(201)
                .body("key_id", matchesPattern("basic_[0-9]{10}_[0-9a-f]{16}"))
                .body("role", equalTo("basic"))
                .body("metadata.plan", equalTo("free"));
        assertEquals(BASIC, Set.copyOf(answer.<List<String>>path("scopes")));
        var expiresAt = Instant.parse(answer.path("expires_at"));
        assertEquals(expiresAt.minus(Duration.ofDays(1)), Instant.parse(answer.path("refresh_after")));
        var claims = new JsonPath(part(answer.<String>path("api_key"), 1));
        assertEquals(answer.<String>path("key_id"), claims.get("sub"));
        assertEquals("basic", claims.get("role"));
        assertEquals(BASIC, Set.copyOf(claims.getList("scopes")));
        assertEquals(expiresAt.getEpochSecond(), claims.getLong("exp"));
        assertEquals(Duration.ofDays(7).toSeconds(), claims.getLong("exp") - claims.getLong("iat"));
        assertNotNull(claims.get("jti"));
        assertNotNull(claims.get("iss"));
        String kid = new JsonPath(part(answer.<String>path("api_key"), 0)).get("kid");
        anonymous().get("/.well-known/jwks.json").then().body("keys.kid", hasItem(kid));
    }

    @Test
    void aKeyWithoutALimitIsMeteredNoLess() {
        var key = newKey(Api.admin().calls(), "admin");
        for (var call = 0; call < 5; call++) {
            validate(key.<String>path("api_key")).then().statusCode(200);
        }
        Eventually.within(
                20,
                () -> assertEquals(
                        List.of("5"),
                        Tables.values(
                                "select sum(calls)::text from token_usage_events where status = 200 and credential_id = '"
                                        + KeyWatchTest.jti(key) + "'")));
    }

    @Test
    void everyRoleHasTheLifeTheScopesAndTheLimitOfTheTable() {
        var admin = newKey(Api.admin().calls(), "admin").<String>path("api_key");
        for (var row : List.of(
                new Object[] {"basic", 7, 2, "10"},
                new Object[] {"contributor", 30, 5, "16"},
                new Object[] {"node_operator", 90, 5, "166"},
                new Object[] {"admin", 365, 10, null})) {
            var key = newKey(as(admin), (String) row[0]);
            var life = Duration.between(Instant.now(), Instant.parse(key.path("expires_at")));
            assertEquals(row[1], (int) life.plusMinutes(1).toDays(), row[0] + " life");
            assertEquals(row[2], key.<List<String>>path("scopes").size());
            var valid = validate(key.<String>path("api_key"));
            valid.then().statusCode(200).body("valid", equalTo(true)).body("role", equalTo(row[0]));
            assertEquals(row[3], valid.header("X-RateLimit-Limit"));
        }
    }

    @Test
    void whoMayCreateWhichRoleIsTheTable() {
        var admin = newKey(Api.admin().calls(), "admin").<String>path("api_key");
        var contributor = newKey(as(admin), "contributor").<String>path("api_key");
        var operator = newKey(as(admin), "node-operator").<String>path("api_key");
        var basic = newBasicKey();
        for (var caller : List.of(contributor, operator, basic)) {
            newKey(as(caller), "basic");
            for (var role : List.of("contributor", "node_operator", "admin")) {
                register(as(caller), role)
                        .then()
                        .statusCode(403)
                        .body("code", equalTo("insufficient_permissions"))
                        .body("your_role", equalTo(validate(caller).<String>path("role")))
                        .body("requested_role", equalTo(role))
                        .body("allowed_roles", containsInAnyOrder("basic"));
            }
        }
        for (var nobody : List.of(anonymous(), Api.newUser().calls())) {
            register(nobody, "admin").then().statusCode(403).body("allowed_roles", equalTo(List.of("basic")));
        }
        register(anonymous(), "contributor").then().statusCode(403).body("your_role", equalTo("anonymous"));
        register(as(basic + "x"), "basic").then().statusCode(401);
    }

    @Test
    void rolesAreUnderstoodInAnyCaseAndWithADashAndOthersAreNamed() {
        var admin = Api.admin();
        for (var word : List.of("node-operator", "Node_Operator", "NODE-OPERATOR")) {
            newKey(admin.calls(), word).then().body("role", equalTo("node_operator"));
        }
        for (var word : List.of("root", "", "node operator", "basic\u0000")) {
            register(admin.calls(), word)
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("invalid_role"))
                    .body("valid_roles", containsInAnyOrder("basic", "contributor", "node_operator", "admin"));
        }
    }

    @Test
    void badRegistrationsAreRefusedByField() {
        for (var name : List.of("ab", "x".repeat(101), "   ", "a\u0000b", "a\nb")) {
            anonymous()
                    .body(Map.of("name", name, "key_type", "basic"))
                    .post(V2 + "/register")
                    .then()
                    .statusCode(422)
                    .body("errors.field", hasItem("name"));
        }
        for (var name : List.of("abc", "x".repeat(100), "\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00")) {
            anonymous()
                    .body(Map.of("name", name, "key_type", "basic"))
                    .post(V2 + "/register")
                    .then()
                    .statusCode(201);
        }
        for (var metadata : List.of(
                "{\"x\":\"" + "y".repeat(4100) + "\"}",
                "{\"x\":" + "[".repeat(20) + "]".repeat(20) + "}",
                "{\"x\":\"\\u0000\"}")) {
            anonymous()
                    .body("{\"name\":\"abc\",\"key_type\":\"basic\",\"metadata\":" + metadata + "}")
                    .post(V2 + "/register")
                    .then()
                    .statusCode(422)
                    .body("errors.field", hasItem("metadata"));
        }
        for (var body : List.of(
                "",
                "[]",
                "{",
                "{\"name\":5,\"key_type\":\"basic\"}",
                "{\"name\":\"abc\",\"key_type\":\"basic\",\"role\":\"admin\"}")) {
            var status = anonymous().body(body).post(V2 + "/register").statusCode();
            assertTrue(Set.of(400, 422).contains(status), body + ": " + status);
        }
    }

    @Test
    void aKeyIsACredentialLikeAllOthers() {
        var user = Api.newUser();
        var gateway = Api.newToken(user, "verify:tokens");
        var key = newKey(user.calls(), "basic");
        as(gateway)
                .body(Map.of("token", key.<String>path("api_key"), "scopes", List.of("chat:read")))
                .post("/api/v1/verify")
                .then()
                .body("code", equalTo("VALID"))
                .body("kind", equalTo("api_key"))
                .body("role", equalTo("basic"))
                .body("key_id", equalTo(key.<String>path("key_id")))
                .body("owner", equalTo(user.id()));
        as(gateway)
                .body(Map.of("token", key.<String>path("api_key"), "scopes", List.of("admin:read")))
                .post("/api/v1/verify")
                .then()
                .body("code", equalTo("INSUFFICIENT_SCOPE"));
        var passed = as(key.<String>path("api_key")).get("/api/v1/forward-auth?scope=chat:write");
        assertEquals(key.<String>path("key_id"), passed.header("X-Latchkey-Key-Id"));
        assertEquals("basic", passed.header("X-Latchkey-Role"));
        Api.anonymous()
                .header("X-API-Key", key.<String>path("api_key"))
                .get(V2 + "/validate")
                .then()
                .statusCode(200);
        // Of another tenant it is not known.
        as(Api.newToken(Api.newUser(), "verify:tokens"))
                .body(Map.of("token", key.<String>path("api_key")))
                .post("/api/v1/verify")
                .then()
                .body("code", equalTo("NOT_FOUND"));
    }

    @Test
    void theLimitIsABucketAndItsHeadersTellTheNumbers() {
        var key = newBasicKey();
        for (var left = 9; left >= 0; left--) {
            var answer = validate(key);
            answer.then().statusCode(200);
            assertEquals(Integer.toString(left), answer.header("X-RateLimit-Remaining"));
            assertEquals("\"bucket\";q=10;w=360", answer.header("RateLimit-Policy"));
        }
        var refused = validate(key);
        refused.then().statusCode(429).body("violated_policies", equalTo(List.of("bucket")));
        var wait = Integer.parseInt(refused.header("Retry-After"));
        assertTrue(wait > 0 && wait <= 36, "one comes back every 36 s: " + wait);
    }

    @Test
    void aRevokedKeyIsRefusedAtOnceAndIsNotShownInRedisAnyMore() {
        var key = newKey(anonymous(), "basic");
        String text = key.path("api_key");
        String jti = new JsonPath(part(text, 1)).get("jti");
        assertTrue(RedisKeys.exists("api_key:" + jti));
        validate(text).then().statusCode(200);
        as(text).post(V2 + "/revoke").then().statusCode(200).body("status", equalTo("revoked"));
        validate(text).then().statusCode(401).body("code", equalTo("revoked_token"));
        assertFalse(RedisKeys.exists("api_key:" + jti));
        as(text).post(V2 + "/revoke").then().statusCode(401);
    }

    @Test
    void whoMayRevokeAndSeeWhat() {
        var user = Api.newUser();
        var other = Api.newUser();
        String admin = newKey(Api.admin().calls(), "admin").path("api_key");
        var contributor = newKey(as(admin), "contributor");
        var child = newKey(as(contributor.<String>path("api_key")), "basic");
        var users = newKey(user.calls(), "basic");
        String childId = child.path("key_id");
        // Its maker, and itself, and who administers the tenant; nobody else, not even to learn that it exists.
        as(contributor.<String>path("api_key"))
                .get(V2 + "/keys/" + childId)
                .then()
                .statusCode(200)
                .body("created_by_key", equalTo(contributor.<String>path("key_id")));
        as(child.<String>path("api_key")).get(V2 + "/keys/" + childId).then().statusCode(200);
        as(admin).get(V2 + "/keys/" + childId).then().statusCode(200);
        for (var stranger :
                List.of(user.calls(), other.calls(), as(users.<String>path("api_key")), as(newBasicKey()))) {
            stranger.get(V2 + "/keys/" + childId).then().statusCode(404);
        }
        as(newBasicKey())
                .body(Map.of("key_id", childId))
                .post(V2 + "/revoke")
                .then()
                .statusCode(404);
        other.calls()
                .body(Map.of("key_id", users.<String>path("key_id")))
                .post(V2 + "/revoke")
                .then()
                .statusCode(404);
        user.calls()
                .body(Map.of("key_id", users.<String>path("key_id")))
                .post(V2 + "/revoke")
                .then()
                .statusCode(200);
        as(contributor.<String>path("api_key"))
                .body(Map.of("key_id", childId))
                .post(V2 + "/revoke")
                .then()
                .statusCode(200);
        validate(child.<String>path("api_key")).then().statusCode(401);
        user.calls()
                .get(V2 + "/keys")
                .then()
                .statusCode(200)
                .body("items.key_id", equalTo(List.of(users.<String>path("key_id"))));
        as(contributor.<String>path("api_key"))
                .get(V2 + "/keys")
                .then()
                .body("items.key_id", containsInAnyOrder(childId, contributor.<String>path("key_id")));
        assertFalse(as(admin).get(V2 + "/keys").asString().contains("eyJ"), "no text is shown again");
    }

    @Test
    void aSuspendedUsersKeysAreSuspendedWithThem() {
        var user = Api.newUser();
        String text = newKey(user.calls(), "basic").path("api_key");
        validate(text).then().statusCode(200);
        Api.admin()
                .calls()
                .body("{\"disabled\":true}")
                .patch("/api/v1/users/" + user.id())
                .then()
                .statusCode(200);
        validate(text).then().statusCode(401).body("code", equalTo("disabled_token"));
    }

    @Test
    void whatOnlyAnAdministratorMayCreateEndsWithTheirOffice() {
        var admin = Api.newUser("admin");
        String strong = newKey(admin.calls(), "admin").path("api_key");
        String grandchild = newKey(as(strong), "contributor").path("api_key");
        String weak = newKey(admin.calls(), "basic").path("api_key");
        Api.admin()
                .calls()
                .body("{\"role\":\"user\"}")
                .patch("/api/v1/users/" + admin.id())
                .then()
                .statusCode(200);
        for (var key : List.of(strong, grandchild)) {
            validate(key).then().statusCode(401).body("code", equalTo("disabled_token"));
            register(as(key), "admin").then().statusCode(401);
        }
        validate(weak).then().statusCode(200);
    }

    @Test
    void aSuccessorSeesWhatItsForerunnerCreated() {
        var parent = newKey(Api.admin().calls(), "contributor");
        String child = newKey(as(parent.<String>path("api_key")), "basic").path("key_id");
        ApiKeys.endsIn(parent.path("key_id"), 3600);
        String successor = anonymous()
                .body(Map.of("current_key", parent.<String>path("api_key")))
                .post(V2 + "/refresh")
                .path("api_key");
        as(successor).get(V2 + "/keys/" + child).then().statusCode(200);
        as(successor).get(V2 + "/keys").then().body("items.key_id", hasItem(child));
        as(successor).body(Map.of("key_id", child)).post(V2 + "/revoke").then().statusCode(200);
    }

    @Test
    void aTokenCreatesKeysOfTheScopesThatItHasOnly() {
        var user = Api.newUser();
        register(as(Api.newToken(user, "read:reports")), "basic")
                .then()
                .statusCode(403)
                .body("allowed_roles", equalTo(List.of()));
        newKey(as(Api.newToken(user, "admin:tenant")), "basic");
    }

    @Test
    void whatIsNoKeyIsNotValidHere() {
        var user = Api.newUser();
        for (var other : List.of(user.accessToken(), Api.newToken(user, "read:reports"), "x", "eyJ.eyJ.x")) {
            as(other).get(V2 + "/validate").then().statusCode(401).body("code", equalTo("invalid_token"));
        }
        anonymous().get(V2 + "/validate").then().statusCode(401).body("detail", equalTo("Not authenticated"));
    }
}
