package dev.latchkey.oauth;

import static dev.latchkey.oauth.Branch.BASE;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Tables;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections with a certified provider: what is handed out works there, and what is ended here is ended there. */
@QuarkusTest
class ConnectionTest {

    private static final int LIFE_SECONDS = 300;

    private OidcProvider provider;

    @BeforeEach
    void start() {
        provider = OidcProvider.withLife(LIFE_SECONDS);
    }

    @Test
    void aLoginConnectsTheBranch() {
        var branch = Branch.of(provider);
        isNotConnected(branch.token(0), branch);
        isNotConnected(branch.refresh(), branch);

        var connected = branch.connect();
        assertTrue(connected.getBoolean("success"));
        assertFalse(connected.getString("message").isEmpty());
        assertEquals(branch.number(), connected.getLong("client_id"));
        assertEquals(branch.id(), connected.getString("branch_id"));
        var left = Duration.between(Instant.now(), Instant.parse(connected.getString("expires_at")));
        assertTrue(left.toSeconds() > LIFE_SECONDS - 30 && left.toSeconds() <= LIFE_SECONDS, left::toString);
        var token = connected.getString("access_token");
        assertTrue(branch.isActive(token));

        branch.token(60)
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("success", equalTo(true))
                .body("client_id", equalTo(branch.number()))
                .body("branch_id", equalTo(branch.id()))
                .body("access_token", equalTo(token))
                .body("token_type", equalTo("Bearer"))
                .body("scope", equalTo("openid offline_access"))
                .body("is_valid", equalTo(true))
                .body("is_revoked", equalTo(false))
                .body("state", equalTo("connected"))
                .body("last_refreshed_at", nullValue());
        assertEquals(new OidcProvider.Chain(0, 0, 0, false), branch.chain());
    }

    @Test
    void aLoginByTheProvidersNameOfTheClientConnectsItToo() {
        var branch = Branch.of(provider);
        var browser = Branch.browser();
        assertEquals(
                200,
                browser.get(browser.logIn(branch.clientId()), Browser.PROGRAM).statusCode());
        assertTrue(branch.isActive(branch.accessToken()));
    }

    @Test
    void aRefreshReplacesTheTokensByEitherNameOfTheClient() {
        var branch = Branch.of(provider);
        var first = branch.connect().getString("access_token");
        var second = refreshed(branch.refresh());
        assertNotEquals(first, second);
        assertEquals(second, branch.accessToken());
        var third = refreshed(branch.refresh(branch.clientId()));
        assertNotEquals(second, third);
        var fourth = refreshed(branch.refresh(Long.toString(branch.number())));
        assertEquals(fourth, branch.accessToken());
        assertTrue(branch.isActive(fourth));
        assertEquals(new OidcProvider.Chain(3, 0, 1, false), branch.chain());
    }

    private static String refreshed(Response answer) {
        answer.then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("success", equalTo(true))
                .body("token_type", equalTo("Bearer"));
        assertFalse(answer.<String>path("refresh_token").isEmpty());
        assertTrue(Instant.parse(answer.path("expires_at")).isAfter(Instant.now()));
        return answer.path("access_token");
    }

    @Test
    void aClientProvesItselfAsTheProviderWants() throws JoseException {
        var post = OidcProvider.with(Map.of("AUTH_METHODS", "client_secret_post"));
        worksThroughout(Branch.of(Api.newUser(), post, "client_secret_post", OidcProvider.SECRET, Map.of()));

        var key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId("a key");
        worksThroughout(Branch.of(
                Api.newUser(),
                OidcProvider.with(Map.of("AUTH_METHODS", "private_key_jwt")),
                "private_key_jwt",
                key.toJson(OutputControlLevel.INCLUDE_PRIVATE),
                Map.of(
                        "jwks",
                        Map.of("keys", List.of(key.toParams(OutputControlLevel.PUBLIC_ONLY))),
                        "token_endpoint_auth_signing_alg",
                        "ES256")));
    }

    private static void worksThroughout(Branch branch) {
        branch.connect();
        branch.refresh().then().statusCode(200);
        branch.revoke().then().statusCode(200).body("revoked_at_provider", equalTo(true));
        assertEquals(new OidcProvider.Chain(1, 0, 1, true), branch.chain());
    }

    @Test
    void whatIsEndedHereIsEndedAtTheProvider() {
        var branch = Branch.of(provider);
        var first = branch.connect().getString("access_token");
        branch.refresh().then().statusCode(200);
        var second = branch.accessToken();

        branch.revoke()
                .then()
                .statusCode(200)
                .body("success", equalTo(true))
                .body("revoked_at_provider", equalTo(true));
        assertFalse(branch.isActive(first));
        assertFalse(branch.isActive(second));
        assertTrue(branch.chain().isRevoked());
        isNotConnected(branch.token(0), branch);
        isNotConnected(branch.refresh(), branch);
        isNotConnected(branch.revoke(), branch);
        // Nothing is kept that could be lost.
        assertEquals(
                List.of("true"),
                Tables.values("select (access_sealed is null and refresh_sealed is null)::text"
                        + " from oauth_grants g join oauth_clients c on c.id = g.client_id where c.number = "
                        + branch.number()));

        var again = branch.connect().getString("access_token");
        assertEquals(again, branch.accessToken());
        assertTrue(branch.isActive(again));
    }

    @Test
    void aClientThatIsDeletedTakesItsConnectionWithIt() {
        var branch = Branch.of(provider);
        var token = branch.connect().getString("access_token");
        var path = BASE + "/clients/" + branch.clientId();
        branch.admin().calls().delete(path).then().statusCode(200).body("revoked_at_provider", equalTo(true));
        assertFalse(branch.isActive(token));
        branch.token(0).then().statusCode(404);
        branch.admin().calls().get(path).then().statusCode(404);
    }

    private static void isNotConnected(Response answer, Branch branch) {
        answer.then()
                .statusCode(409)
                .body("code", equalTo("not_connected"))
                .body("login", equalTo(BASE + "/oauth/login/" + branch.number()));
    }

    @Test
    void anotherTenantSeesNothing() {
        var branch = Branch.of(provider);
        var token = branch.connect().getString("access_token");
        var stranger = Api.newUser();
        for (var name : List.of(Long.toString(branch.number()), branch.clientId())) {
            var client = BASE + "/clients/" + name;
            isNotFound(stranger.calls().get(client));
            isNotFound(stranger.calls().body(Map.of("workspace_name", "mine")).patch(client));
            isNotFound(stranger.calls().delete(client));
            isNotFound(stranger.calls().body(Map.of("client_id", name)).post(BASE + "/tokens/refresh"));
        }
        isNotFound(stranger.calls().get(BASE + "/tokens/" + branch.id()));
        isNotFound(stranger.calls().delete(BASE + "/tokens/" + branch.id()));
        stranger.calls().get(BASE + "/clients").then().statusCode(200).body("items", equalTo(List.of()));
        assertEquals(token, branch.accessToken());
        assertTrue(branch.isActive(token));
        assertEquals(new OidcProvider.Chain(0, 0, 0, false), branch.chain());
    }

    private static void isNotFound(Response answer) {
        answer.then().statusCode(404).body("code", equalTo("not_found"));
    }

    @Test
    void tokensOfAnotherRowAreNotReadAsItsOwn() {
        var one = Branch.of(provider);
        var first = one.connect().getString("access_token");
        var other = Branch.of(provider);
        var second = other.connect().getString("access_token");
        var healthy = Branch.of(provider);
        healthy.connect();
        Tables.change("""
                update oauth_grants g set access_sealed = o.access_sealed from oauth_grants o
                where g.client_id in (select id from oauth_clients where number in (?::bigint, ?::bigint))
                    and o.client_id in (select id from oauth_clients where number in (?::bigint, ?::bigint))
                    and g.client_id <> o.client_id""", number(one), number(other), number(one), number(other));
        for (var branch : List.of(one, other)) {
            // What is known of it already may be served; what is read is not.
            branch.admin()
                    .calls()
                    .body(Map.of("workspace_name", "read anew"))
                    .patch(BASE + "/clients/" + branch.number())
                    .then()
                    .statusCode(200);
            for (var answer : List.of(branch.token(0), branch.refresh())) {
                answer.then().statusCode(500).body("code", equalTo("internal_error"));
                assertFalse(answer.asString().contains(first));
                assertFalse(answer.asString().contains(second));
            }
        }
        assertTrue(healthy.isActive(healthy.accessToken()));
        one.forget();
        other.forget();
    }

    private static String number(Branch branch) {
        return Long.toString(branch.number());
    }
}
