package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.api.OAuthCalls.INTROSPECT;
import static dev.latchkey.api.OAuthCalls.REVOKE;
import static dev.latchkey.api.OAuthCalls.basic;
import static dev.latchkey.api.OAuthCalls.bearer;
import static dev.latchkey.api.OAuthCalls.client;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP Basic with the id and the text of a credential (RFC 6749, section 2.3.1), on the OAuth 2 endpoints only. */
@QuarkusTest
class ClientCredentialsTest {

    private static final String CHALLENGE = "Basic realm=\"latchkey\", charset=\"UTF-8\"";

    private Someone user = NOBODY;
    private String id = "";
    private String text = "";

    @BeforeEach
    void aClient() {
        user = newUser();
        var token = newToken(user, Map.of("name", "client", "scopes", List.of("admin:tenant")));
        id = token.path("id");
        text = token.path("token");
    }

    @Test
    void theIdAndTheTextOfACredentialLetItIn() {
        var percent =
                "%" + String.join("%", id.chars().mapToObj(Integer::toHexString).toList());
        for (var pair : List.of(
                id + ":" + text,
                id.toUpperCase(Locale.ROOT) + ":" + text,
                id.replace("-", "%2D") + ":" + text.replace("_", "%5f"),
                percent + ":" + text)) {
            for (var scheme : List.of("Basic ", "basic ", "BASIC ")) {
                var header = basic(pair).replace("Basic ", scheme);
                introspect(OAuthCalls.anonymous().header("Authorization", header))
                        .then()
                        .statusCode(200)
                        .body("client_id", equalTo(id));
            }
        }
        var other = newToken(user, "read:audits");
        client(id, text).formParam("token", other).post(REVOKE).then().statusCode(200);
        Api.as(other).get("/api/v1/tokens/me").then().statusCode(401);
    }

    @Test
    void everyFailureIsInvalidClientByTheSameBytesWhateverTheStateOfTheText() {
        var failures = new LinkedHashMap<String, String>();
        failures.put(
                "another's id",
                newToken(user, Map.of("name", "y", "scopes", List.of("admin:tenant")))
                                .path("id") + ":" + text);
        failures.put("no id", ":" + text);
        failures.put("no UUID", "client:" + text);
        failures.put("longer id", id + "0:" + text);
        failures.put("no text", id + ":");
        failures.put("no colon", id);
        failures.put("turned around", text + ":" + id);
        failures.put("garbage", id + ":lk_live_" + "0".repeat(36));
        failures.put("too long", id + ":" + "x".repeat(9000));
        failures.put("bad percent", id + ":" + text + "%2");
        failures.put("no UTF-8", id + ":%ff" + text);
        failures.put("a session", user.id() + ":" + user.accessToken());
        failures.put("a revoked text", ended("revoked_at = now()"));
        failures.put("a revoked text without its id", "x" + ended("revoked_at = now()"));
        failures.put("a disabled text", ended("enabled = false"));
        failures.put("an expired text", ended("expires_at = now()"));
        failures.put("a text of another place", ended("allowed_cidrs = '{192.0.2.0/24}'"));
        failures.forEach((name, pair) -> refused(name, basic(pair)));
        refused("no base64", "Basic !!!");
        refused("base64url", "Basic __--");
    }

    private static void refused(String name, String header) {
        for (var path : List.of(INTROSPECT, REVOKE)) {
            var answer = OAuthCalls.anonymous()
                    .header("Authorization", header)
                    .formParam("token", "x")
                    .post(path);
            assertEquals(
                    "{\"type\":\"urn:latchkey:problem:invalid_client\",\"title\":\"The client credentials are not valid\",\"status\":401,"
                            + "\"detail\":\"The client credentials are not valid\",\"instance\":\"" + path
                            + "\",\"code\":\"invalid_client\",\"error\":\"invalid_client\","
                            + "\"error_description\":\"The client credentials are not valid\"}",
                    answer.asString(),
                    name);
            assertEquals(401, answer.statusCode(), name);
            assertEquals(List.of(CHALLENGE), answer.headers().getValues("WWW-Authenticate"), name);
        }
    }

    @Test
    void aFailedBearerIsChallengedAsBearerAndTheBodySaysTheSame() {
        var answer = introspect(bearer("lk_live_" + "0".repeat(36)));
        answer.then()
                .statusCode(401)
                .body("code", equalTo("invalid_token"))
                .body("error", equalTo("invalid_token"))
                .header(
                        "WWW-Authenticate",
                        "Bearer realm=\"latchkey\", error=\"invalid_token\", error_description=\"The credential is not valid\"");
        introspect(OAuthCalls.anonymous())
                .then()
                .statusCode(401)
                .body("code", equalTo("not_authenticated"))
                .body("error", equalTo("invalid_client"));
    }

    @Test
    void twoCredentialsInOneRequestAreRefusedInAnyMix() {
        var pair = basic(id + ":" + text);
        var session = "Bearer " + user.accessToken();
        for (var request : List.of(
                client(id, text).header("X-API-Key", text),
                client(id, text).header("Authorization", pair),
                client(id, text).header("Authorization", session),
                bearer(text).header("Authorization", pair),
                bearer(text).header("X-API-Key", text),
                OAuthCalls.anonymous().header("Authorization", "Basic !").header("X-API-Key", text),
                client(id, text).formParam("client_secret", text),
                client(id, text).formParam("client_assertion", text),
                bearer(text).formParam("access_token", text))) {
            introspect(request)
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("invalid_request"))
                    .body("error", equalTo("invalid_request"));
        }
    }

    @Test
    void elsewhereBasicCountsAsNoCredential() {
        for (var path : List.of("/api/v1/tokens/me", "/api/v1/tokens")) {
            client(id, text).get(path).then().statusCode(401).body("code", equalTo("not_authenticated"));
            client(id, text).header("X-API-Key", text).get(path).then().statusCode(200);
        }
    }

    @Test
    void aClientWithoutTheScopeIsLetInAndMayNot() {
        var token = newToken(user, Map.of("name", "z", "scopes", List.of("read:audits")));
        introspect(client(token.path("id"), token.path("token")))
                .then()
                .statusCode(403)
                .body("error", equalTo("insufficient_scope"));
    }

    private Response introspect(RequestSpecification request) {
        return request.formParam("token", text).post(INTROSPECT);
    }

    private String ended(String change) {
        var token = newToken(user, Map.of("name", "x", "scopes", List.of("admin:tenant")));
        Tables.change("update api_tokens set " + change + " where id = ?::uuid", token.<String>path("id"));
        return token.path("id") + ":" + token.path("token");
    }
}
