package dev.latchkey.oauth;

import static dev.latchkey.provider.FaultServer.json;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.provider.FaultServer;
import dev.latchkey.provider.Keys;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.Test;

/** How clients prove themselves to a certified provider that takes each client's way and no other. */
@QuarkusTest
class ClientAuthenticationTest {

    private static final String CHOSEN = "client_authentication";
    private static final String BASIC = "client_secret_basic";
    private static final String POST = "client_secret_post";
    private static final String KEY = "private_key_jwt";
    private static final Map<String, String> TAKES_ALL = Map.of("ACCESS_TTL", "300");

    private static Branch branch(String authentication, String secret, Map<String, ?> metadata, String chosen) {
        return Branch.of(
                Api.newUser(),
                OidcProvider.with(TAKES_ALL),
                authentication,
                secret,
                metadata,
                chosen.isEmpty() ? Map.of() : Map.of(CHOSEN, chosen));
    }

    private static Map<String, Object> metadata(PublicJsonWebKey key, String algorithm) {
        return Map.of(
                "jwks", Map.of("keys", List.of(Keys.published(key))), "token_endpoint_auth_signing_alg", algorithm);
    }

    private static void worksThroughout(Branch branch) {
        var first = branch.connect().getString("access_token");
        assertTrue(isGood(branch, first));
        // A proof that came twice would be refused.
        for (var time = 0; time < 3; time++) {
            branch.refresh().then().statusCode(200);
        }
        branch.revoke().then().statusCode(200).body("revoked_at_provider", equalTo(true));
        assertEquals(new OidcProvider.Chain(3, 0, 1, true), branch.chain());
    }

    private static boolean isGood(Branch branch, String token) {
        return token.equals(branch.accessToken()) && !branch.chain().isRevoked();
    }

    private static Response client(Branch branch) {
        return branch.admin().calls().get(path(branch));
    }

    private static String path(Branch branch) {
        return Branch.BASE + "/clients/" + branch.number();
    }

    private static Response change(Branch branch, Map<String, ?> fields) {
        return branch.admin().calls().body(fields).patch(path(branch));
    }

    @Test
    void keysAreChosenWhereTheProviderWouldTakeASecretToo() {
        for (var key : Map.of("ES256", Keys.p256(), "RS256", Keys.rsa()).entrySet()) {
            var branch = branch(KEY, Keys.secret(key.getValue()), metadata(key.getValue(), key.getKey()), KEY);
            client(branch).then().body(CHOSEN, equalTo(KEY));
            worksThroughout(branch);
            client(branch).then().body(CHOSEN, equalTo(KEY));
        }
    }

    @Test
    void aSecretGoesIntoTheBodyWhereThatIsChosen() {
        var branch = branch(POST, OidcProvider.SECRET, Map.of(), POST);
        client(branch).then().body(CHOSEN, equalTo(POST));
        worksThroughout(branch);
    }

    // The certified provider takes a secret in either place.
    @Test
    void whatIsChosenIsWhatIsSentAndElseWhatTheProviderOffers() throws IOException {
        try (var server = new FaultServer()) {
            var issuer = server.uri("").toString();
            server.answers(json(200, """
                    {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token"}""".formatted(issuer)));
            var user = Api.newUser();
            var fields = new HashMap<String, Object>(fields(Api.uniqueName(), "oidc:" + issuer));
            fields.put("client_secret", "a secret");
            var number =
                    user.calls().body(fields).post(Branch.BASE + "/clients").path("client_id");
            server.answers(json(400, "{\"error\":\"invalid_grant\"}"));
            assertTrue(exchange(number, server).authorization().startsWith("Basic "));
            user.calls().body(Map.of(CHOSEN, POST)).patch(Branch.BASE + "/clients/" + number);
            var asked = exchange(number, server);
            assertEquals("", asked.authorization());
            assertTrue(asked.body().endsWith("&client_id=" + fields.get("client_id") + "&client_secret=a+secret"));
            user.calls().body(Map.of(CHOSEN, BASIC)).patch(Branch.BASE + "/clients/" + number);
            assertTrue(exchange(number, server).authorization().startsWith("Basic "));
        }
    }

    private static FaultServer.Asked exchange(Object number, FaultServer server) {
        var browser = Branch.browser();
        var begun = browser.get(URI.create(Branch.here() + Branch.BASE + "/oauth/login/" + number), Browser.HTML);
        var state = begun.headers().firstValue("Location").orElseThrow().replaceFirst(".*[?&](state=[^&]*).*", "$1");
        var callback = URI.create(Branch.here() + Branch.BASE + "/auth/callback?code=a&" + state);
        assertEquals(502, browser.get(callback, Browser.PROGRAM).statusCode());
        return server.asked().getLast();
    }

    @Test
    void aKeyFollowsAnotherWhileTheProviderChangesOver() {
        var old = Keys.p256();
        var next = Keys.rsa();
        next.setKeyId("the next one");
        var branch = branch(KEY, Keys.secret(old), metadata(old, "ES256"), KEY);
        branch.connect();
        change(branch, Map.of("client_secret", Keys.secret(next), "keep_old_secrets", true))
                .then()
                .statusCode(200)
                .body("secrets", equalTo(2));
        branch.refresh().then().statusCode(200);
    }

    @Test
    void whatIsNoPrivateKeyIsRefusedAndNothingOfItIsRepeated() {
        var key = Keys.p256();
        var branch = branch(KEY, Keys.secret(key), metadata(key, "ES256"), KEY);
        for (var bad : List.of(
                key.toJson(OutputControlLevel.PUBLIC_ONLY),
                "garbage-canary",
                "{\"kty\":\"oct\",\"k\":\"Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5\"}")) {
            isRefused(change(branch, Map.of("client_secret", bad)), "client_secret", "must be a private key");
            isRefused(
                    change(branch, Map.of("client_secret", bad, "keep_old_secrets", true)),
                    "client_secret",
                    "must be a private key");
            isRefused(registered(branch, bad, KEY), "client_secret", "must be a private key");
        }
        client(branch).then().body("secrets", equalTo(1));
        worksThroughout(branch);
    }

    @Test
    void aPrivateKeyIsNotSentToAProviderThatAsksForASecret() {
        var branch = branch(BASIC, OidcProvider.SECRET, Map.of(), "");
        var key = Keys.secret(Keys.p256());
        isRefused(change(branch, Map.of("client_secret", key)), "client_secret", "is a private key");
        isRefused(change(branch, Map.of("client_secret", key, CHOSEN, POST)), "client_secret", "is a private key");
        for (var sends : List.of("", BASIC, POST)) {
            isRefused(registered(branch, key, sends), "client_secret", "is a private key");
        }
        worksThroughout(branch);
    }

    @Test
    void aWayThatSuitsNoneOfItsSecretsIsRefused() {
        var key = Keys.secret(Keys.p256());
        var branch = branch(BASIC, OidcProvider.SECRET, Map.of(), "");
        isRefused(change(branch, Map.of(CHOSEN, KEY)), CHOSEN, "does not suit");
        isRefused(
                change(branch, Map.of(CHOSEN, KEY, "client_secret", key, "keep_old_secrets", true)),
                CHOSEN,
                "does not suit");
        client(branch).then().body(CHOSEN, nullValue()).body("secrets", equalTo(1));
        branch.connect();
        change(branch, Map.of(CHOSEN, BASIC)).then().statusCode(200).body(CHOSEN, equalTo(BASIC));
        branch.refresh().then().statusCode(200);
        change(branch, Map.of(CHOSEN, KEY, "client_secret", key))
                .then()
                .statusCode(200)
                .body(CHOSEN, equalTo(KEY))
                .body("secrets", equalTo(1));
        // From here on the provider, which knows nothing of the key, says no.
        branch.refresh().then().statusCode(502).body("reason", equalTo("invalid_client"));
    }

    @Test
    void aClientWithoutASecretProvesNothing() {
        var user = Api.newUser();
        var fields = new HashMap<String, Object>(
                fields(Api.uniqueName(), OidcProvider.with(TAKES_ALL).name()));
        fields.put(CHOSEN, POST);
        isRefused(user.calls().body(fields).post(Branch.BASE + "/clients"), CHOSEN, "needs a client_secret");
        fields.remove(CHOSEN);
        var made = user.calls().body(fields).post(Branch.BASE + "/clients");
        made.then().statusCode(201);
        var path = Branch.BASE + "/clients/" + made.path("client_id");
        isRefused(user.calls().body(Map.of(CHOSEN, POST)).patch(path), CHOSEN, "needs a client_secret");
        user.calls()
                .body(Map.of(CHOSEN, POST, "client_secret", "from now on"))
                .patch(path)
                .then()
                .statusCode(200)
                .body(CHOSEN, equalTo(POST))
                .body("secrets", equalTo(1));
        user.calls().get(Branch.BASE + "/clients").then().body("items." + CHOSEN, contains(POST));
    }

    private static Map<String, String> fields(String name, String provider) {
        return Map.of(
                "client_id",
                name,
                "redirect_uri",
                "http://localhost/callback",
                "branch_id",
                name,
                "workspace_email",
                "desk@example.test",
                "workspace_name",
                "The desk",
                "provider",
                provider);
    }

    private static Response registered(Branch like, String secret, String chosen) {
        var fields = new HashMap<String, Object>(
                fields(Api.uniqueName(), like.provider().name()));
        fields.put("client_secret", secret);
        if (!chosen.isEmpty()) {
            fields.put(CHOSEN, chosen);
        }
        return like.admin().calls().body(fields).post(Branch.BASE + "/clients");
    }

    private static void isRefused(Response answer, String field, String why) {
        answer.then()
                .statusCode(422)
                .body("code", equalTo("validation_failed"))
                .body("errors.field", contains(field))
                .body("errors[0].message", startsWith(why));
        for (var hint : List.of("canary", "Y2FuYXJ5", "kty")) {
            assertFalse(answer.asString().contains(hint), answer::asString);
        }
    }
}
