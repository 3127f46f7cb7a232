package dev.latchkey.oauth;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import dev.latchkey.api.Tables;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A branch whose client is registered with the provider and with Latchkey.
 *
 * @param clientId what the provider calls it
 * @param number what we call it
 */
record Branch(Someone admin, OidcProvider provider, String id, String clientId, long number) {

    static final String BASE = "/token-management";

    /** Of a tenant of its own. */
    static Branch of(OidcProvider provider) {
        return of(Api.newUser(), provider, "client_secret_basic", OidcProvider.SECRET, Map.of());
    }

    /**
     * @param secret what Latchkey is told
     * @param metadata what the provider is told besides
     */
    static Branch of(
            Someone admin, OidcProvider provider, String authentication, String secret, Map<String, ?> metadata) {
        return of(admin, provider, authentication, secret, metadata, Map.of());
    }

    /** @param more what Latchkey is told besides */
    static Branch of(
            Someone admin,
            OidcProvider provider,
            String authentication,
            String secret,
            Map<String, ?> metadata,
            Map<String, ?> more) {
        var clientId = Api.uniqueName();
        var redirectUri = here() + BASE + "/auth/callback";
        var client = new HashMap<String, Object>(Map.of(
                "client_id",
                clientId,
                "client_secret",
                OidcProvider.SECRET,
                "redirect_uris",
                List.of(redirectUri),
                "token_endpoint_auth_method",
                authentication));
        client.putAll(metadata);
        provider.add(client);
        var fields = new HashMap<String, Object>(Map.of(
                "client_id",
                clientId,
                "client_secret",
                secret,
                "redirect_uri",
                redirectUri,
                "branch_id",
                "branch-" + clientId,
                "workspace_email",
                "desk@example.test",
                "workspace_name",
                "The <desk>",
                "provider",
                provider.name()));
        fields.putAll(more);
        var answer = admin.calls().body(fields).post(BASE + "/clients");
        answer.then().statusCode(201).body("success", equalTo(true)).body("client_oauth_id", equalTo(clientId));
        return new Branch(
                admin,
                provider,
                "branch-" + clientId,
                clientId,
                answer.jsonPath().getLong("client_id"));
    }

    static String here() {
        return "http://127.0.0.1:" + RestAssured.port;
    }

    static Browser browser() {
        return new Browser(here());
    }

    /** Connects an account; the answer of the callback. */
    JsonPath connect() {
        var browser = browser();
        var response = browser.get(browser.logIn(Long.toString(number)), Browser.PROGRAM);
        assertEquals(200, response.statusCode(), response::body);
        return new JsonPath(response.body());
    }

    Response token(int minSeconds) {
        return admin.calls().get(BASE + "/tokens/" + id + "?min_seconds=" + minSeconds);
    }

    /** The token that is handed out, with whatever life it has left. */
    String accessToken() {
        var answer = token(0);
        answer.then().statusCode(200);
        return answer.path("access_token");
    }

    Response refresh() {
        return refresh(number);
    }

    /** @param name a number, or the provider's id */
    Response refresh(Object name) {
        return admin.calls().body(Map.of("client_id", name)).post(BASE + "/tokens/refresh");
    }

    Response revoke() {
        return admin.calls().delete(BASE + "/tokens/" + id);
    }

    /** Drops what Latchkey has of it, behind its back: a row that cannot be read stays in nobody's way. */
    void forget() {
        Tables.change(
                "delete from oauth_grants where client_id in (select id from oauth_clients where number = ?::bigint)",
                Long.toString(number));
    }

    boolean isActive(String token) {
        return provider.isActive(clientId, token);
    }

    /** Of its first login. */
    OidcProvider.Chain chain() {
        return provider.chains(clientId).getFirst();
    }
}
