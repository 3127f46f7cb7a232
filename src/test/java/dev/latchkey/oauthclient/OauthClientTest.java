package dev.latchkey.oauthclient;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OauthClientTest {

    private static final String CLIENTS = "/token-management/clients";
    private static final String SECRET = "oauth-client-secret-canary";

    private static Map<String, Object> fields(String name) {
        return new HashMap<>(Map.of(
                "client_id",
                name + ".apps.example.test",
                "client_secret",
                SECRET,
                "redirect_uri",
                "https://keys.example.test/token-management/auth/callback",
                "branch_id",
                name,
                "workspace_email",
                "ops@example.test",
                "workspace_name",
                "Example"));
    }

    private static String name() {
        return "b-" + UUID.randomUUID();
    }

    private static Response register(Someone user, Map<String, Object> fields) {
        return user.calls().body(fields).post(CLIENTS);
    }

    private static Map<String, String> query(String location) {
        return Arrays.stream(URI.create(location).getQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (one, other) -> other, TreeMap::new));
    }

    @Test
    void aClientIsShownUnderBothOfItsNamesAndItsSecretNowhere() {
        var user = Api.newUser();
        var name = name();
        var made = register(user, fields(name));
        made.then()
                .statusCode(201)
                .body("success", equalTo(true))
                .body("client_oauth_id", equalTo(name + ".apps.example.test"))
                .body("branch_id", equalTo(name))
                .body("email", equalTo("ops@example.test"));
        long number = made.<Number>path("client_id").longValue();
        for (var called : List.of(Long.toString(number), name + ".apps.example.test")) {
            var shown = user.calls().get(CLIENTS + "/" + called);
            shown.then().statusCode(200).body("provider", equalTo("google")).body("secrets", equalTo(1));
            assertFalse(shown.asString().contains(SECRET));
            Api.newUser().calls().get(CLIENTS + "/" + called).then().statusCode(404);
        }
        assertFalse(user.calls().get(CLIENTS).asString().contains(SECRET));
        assertFalse(user.calls().get("/api/v1/audit-log").asString().contains(SECRET));
    }

    @Test
    void aClientAndABranchAreTakenOnceInATenant() {
        var user = Api.newUser();
        var fields = fields(name());
        register(user, fields).then().statusCode(201);
        var other = fields(name());
        other.put("client_id", fields.get("client_id"));
        register(user, other).then().statusCode(409).body("code", equalTo("client_exists"));
        other = fields(name());
        other.put("branch_id", fields.get("branch_id"));
        register(user, other).then().statusCode(409).body("code", equalTo("branch_exists"));
        register(Api.newUser(), fields).then().statusCode(201);
    }

    @Test
    void eachFieldIsChecked() {
        var user = Api.newUser();
        var wrong = new TreeMap<String, List<Object>>();
        wrong.put("client_id", List.of("", "a b", "x".repeat(256), "line\nbreak"));
        wrong.put("client_secret", List.of("", "x".repeat(8193)));
        wrong.put("branch_id", List.of("", " ", "a/b", "a\\b", "x".repeat(256), "a\u0000b"));
        wrong.put("workspace_email", List.of("", "nobody", "a b@example.test"));
        wrong.put("workspace_name", List.of("", "x".repeat(256), "\u202Eevil"));
        wrong.put(
                "provider",
                List.of(
                        "",
                        "unknown",
                        "Google",
                        "oidc:",
                        "oidc:not a url",
                        "oidc:ftp://example.test",
                        "oidc:https://u@example.test",
                        "oidc:https://example.test?x"));
        wrong.put("scopes", List.of(List.of(""), List.of("a b"), List.of("ü")));
        wrong.put(
                "redirect_uri",
                List.of(
                        "",
                        "callback",
                        "http://example.test/callback",
                        "http://localhost.example.test/callback",
                        "https://*.example.test/callback",
                        "https://example.test/callback#fragment",
                        "https://user@example.test/callback",
                        "javascript:alert(1)",
                        "https://example.test/" + "x".repeat(2048)));
        wrong.forEach((field, values) -> values.forEach(value -> {
            var fields = fields(name());
            fields.put(field, value);
            var answer = register(user, fields);
            assertEquals(422, answer.statusCode(), () -> field + "=" + value + " " + answer.asString());
            answer.then().body("errors.field", hasItem(startsWith(field)));
        }));
        for (var needed : List.of("client_id", "redirect_uri", "branch_id", "workspace_email", "workspace_name")) {
            var fields = fields(name());
            fields.remove(needed);
            register(user, fields).then().statusCode(422).body("errors.field", hasItem(needed));
        }
        user.calls().get(CLIENTS).then().body("items", hasSize(0));
    }

    @Test
    void aLoginGoesToTheProviderWithAllThatGoogleWants() {
        var fields = fields(name());
        var number = register(Api.newUser(), fields).path("client_id").toString();
        var login = Api.anonymous().redirects().follow(false).get("/token-management/oauth/login/" + number);
        login.then()
                .statusCode(302)
                .header("Location", startsWith("https://accounts.google.com/o/oauth2/v2/auth?"))
                .header("Cache-Control", containsString("no-store"));
        var cookie = login.header("Set-Cookie");
        assertTrue(cookie.contains("HttpOnly") && cookie.contains("Secure") && cookie.contains("SameSite=Lax"), cookie);
        var query = query(login.header("Location"));
        assertEquals("code", query.get("response_type"));
        assertEquals("offline", query.get("access_type"));
        assertEquals("consent", query.get("prompt"));
        assertEquals("S256", query.get("code_challenge_method"));
        assertEquals(fields.get("redirect_uri"), query.get("redirect_uri"));
        assertEquals(fields.get("client_id"), query.get("client_id"));
    }

    @Test
    void aNameThatTwoTenantsRegisteredLogsNobodyIn() {
        var fields = fields(name());
        var login = "/token-management/oauth/login/" + fields.get("client_id");
        register(Api.newUser(), fields);
        Api.anonymous().redirects().follow(false).get(login).then().statusCode(302);
        register(Api.newUser(), fields);
        Api.anonymous().redirects().follow(false).get(login).then().statusCode(404);
    }

    @Test
    void whatIsInactiveLogsNobodyInAndSecretsAreKeptOnlyIfAsked() {
        var user = Api.newUser();
        var number = register(user, fields(name())).path("client_id").toString();
        var changes = CLIENTS + "/" + number;
        user.calls()
                .body(Map.of("client_secret", "two", "keep_old_secrets", true))
                .patch(changes)
                .then()
                .body("secrets", equalTo(2));
        user.calls()
                .body(Map.of("client_secret", "three", "keep_old_secrets", true))
                .patch(changes);
        user.calls()
                .body(Map.of("client_secret", "four", "keep_old_secrets", true))
                .patch(changes)
                .then()
                .body("secrets", equalTo(3));
        user.calls().body(Map.of("client_secret", "five")).patch(changes).then().body("secrets", equalTo(1));
        user.calls()
                .body(Map.of("is_active", false))
                .patch(changes)
                .then()
                .statusCode(200)
                .body("is_active", equalTo(false));
        Api.anonymous()
                .redirects()
                .follow(false)
                .get("/token-management/oauth/login/" + number)
                .then()
                .statusCode(404);
    }
}
