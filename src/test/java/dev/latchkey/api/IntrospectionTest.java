package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.api.OAuthCalls.introspect;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Header;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 7662: what a gateway learns of a credential, and what nobody learns. */
@QuarkusTest
class IntrospectionTest {

    private static final String INACTIVE = "{\"active\":false}";

    private Someone user = NOBODY;
    private String gateway = "";

    @BeforeEach
    void someone() {
        user = newUser();
        gateway = newToken(user, "verify:tokens");
    }

    @Test
    void anActiveTokenIsToldInTheseMembersAndNoOther() {
        var token = newToken(
                user,
                Map.of(
                        "name", "back end",
                        "scopes", List.of("read:reports", "read:audits"),
                        "expires_at", "2035-01-31T12:00:00Z"));
        String id = token.path("id");
        var iat = Instant.parse(token.path("created_at")).getEpochSecond();
        introspect(gateway, token.path("token"))
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body(equalTo("""
                        {"active":true,"scope":"read:audits read:reports","client_id":"%1$s","sub":"%2$s","token_type":"Bearer",\
                        "exp":2053857600,"iat":%3$d,"jti":"%1$s","iss":"http://localhost:8080","kind":"api_token","key_id":"%1$s",\
                        "tenant_id":"%4$s","name":"back end"}""".formatted(id, user.id(), iat, user.tenantId())));
    }

    @Test
    void aTokenWithoutExpiryHasNoExp() {
        var answer = introspect(gateway, newToken(user, "read:audits")).asString();
        assertTrue(answer.startsWith("{\"active\":true,"), answer);
        assertTrue(!answer.contains("exp") && !answer.contains("null"), answer);
    }

    @Test
    void theScopesAreThoseItHasNowAndNoneIsNoMember() {
        var reader = newToken(user, "read:audits", "write:audits");
        var writer = newToken(user, "write:audits");
        Tables.change("update users set role = 'guest' where id = ?::uuid", user.id());
        var asker = colleague().accessToken();
        introspect(asker, reader).then().body("scope", equalTo("read:audits"));
        assertTrue(!introspect(asker, writer).asString().contains("scope"));
    }

    @Test
    void whatIsNotUsableIsInactiveByTheSameBytes() {
        var texts = new ArrayList<String>();
        texts.add("garbage");
        texts.add("lk_live_" + "0".repeat(36));
        texts.add("x".repeat(20_000));
        texts.add("eyJhbGciOiJub25lIn0.e30.");
        texts.add(user.accessToken());
        texts.add(user.refreshToken());
        texts.add("\u0000");
        texts.add(newToken(newUser(), "read:audits"));
        texts.add(ended("update api_tokens set revoked_at = now() where id = ?::uuid"));
        texts.add(ended("update api_tokens set enabled = false where id = ?::uuid"));
        texts.add(ended("update api_tokens set expires_at = now() where id = ?::uuid"));
        texts.add(unknown());
        var first = introspect(gateway, texts.getFirst());
        for (var text : texts) {
            var answer = introspect(gateway, text);
            assertEquals(200, answer.statusCode(), text);
            assertEquals(INACTIVE, answer.asString(), text);
            assertEquals(headers(first), headers(answer), text);
        }
    }

    @Test
    void aRevocationShowsAtOnce() {
        var token = newToken(user, "read:audits");
        introspect(gateway, token).then().body("active", equalTo(true));
        as(token).post("/api/v1/tokens/me/revoke").then().statusCode(204);
        introspect(gateway, token).then().body(equalTo(INACTIVE));
    }

    @Test
    void anotherTenantsTokenIsInactiveEvenToAnAdminAndInTheirOwnTenantItIsNot() {
        var token = newToken(user, "read:audits");
        introspect(newToken(newUser(), "verify:tokens"), token).then().body(equalTo(INACTIVE));
        introspect(Api.admin().accessToken(), token).then().body(equalTo(INACTIVE));
        introspect(gateway, token).then().body("active", equalTo(true));
    }

    @Test
    void fromWhereTheTokenMayBeUsedIsNotAskedSinceTheCallerIsNotItsHolder() {
        var token = newToken(
                user, Map.of("name", "x", "scopes", List.of("read:audits"), "allowed_cidrs", List.of("192.0.2.0/24")));
        introspect(gateway, token.path("token")).then().body("active", equalTo(true));
    }

    @Test
    void noLimitOfTheTokenOrOfTheCallerIsUsedUp() {
        var limits = Map.of("per_minute", 2);
        String token = newToken(user, Map.of("name", "x", "scopes", List.of("read:audits"), "rate_limits", limits))
                .path("token");
        String caller = newToken(user, Map.of("name", "y", "scopes", List.of("verify:tokens"), "rate_limits", limits))
                .path("token");
        for (var call = 0; call < 5; call++) {
            introspect(caller, token).then().statusCode(200).body("active", equalTo(true));
        }
        as(token).get("/api/v1/tokens/me").then().statusCode(200).body("limits[0].remaining", equalTo(1));
        as(caller).get("/api/v1/tokens/me").then().statusCode(200).body("limits[0].remaining", equalTo(1));
    }

    @Test
    void aSessionMayAskAndAGuestsMayNot() {
        var token = newToken(user, "read:audits");
        introspect(user.accessToken(), token).then().statusCode(200).body("active", equalTo(true));
        introspect(newUser("guest").accessToken(), token)
                .then()
                .statusCode(403)
                .body("error", equalTo("insufficient_scope"));
    }

    @Test
    void whoLacksTheScopeIsToldSoInWordsOfOAuthToo() {
        var answer = introspect(newToken(user, "read:audits"), newToken(user, "read:audits"));
        assertEquals(403, answer.statusCode());
        assertEquals(
                "{\"type\":\"urn:latchkey:problem:insufficient_scope\",\"title\":\"The credential lacks a scope\",\"status\":403,"
                        + "\"detail\":\"This takes the scope verify:tokens\",\"instance\":\"/oauth2/introspect\","
                        + "\"code\":\"insufficient_scope\",\"required_scopes\":[\"verify:tokens\"],"
                        + "\"error\":\"insufficient_scope\",\"error_description\":\"This takes the scope verify:tokens\"}",
                answer.asString());
    }

    /** Another user of the same tenant. */
    private Someone colleague() {
        var colleague = newUser();
        Tables.change("update users set tenant_id = ?::uuid where id = ?::uuid", user.tenantId(), colleague.id());
        return Api.logIn(colleague.username(), Api.PASSWORD);
    }

    private String ended(String change) {
        var token = newToken(user, Map.of("name", "x", "scopes", List.of("read:audits")));
        Tables.change(change, token.<String>path("id"));
        return token.path("token");
    }

    /** Genuine, and yet not there. */
    private String unknown() {
        return ended("delete from api_tokens where id = ?::uuid");
    }

    private static List<Header> headers(Response answer) {
        return answer.headers().asList().stream()
                .filter(header -> !header.getName().equalsIgnoreCase("X-Request-Id"))
                .toList();
    }
}
