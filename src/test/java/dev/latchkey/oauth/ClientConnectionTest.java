package dev.latchkey.oauth;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Eventually;
import dev.latchkey.api.Tables;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that act for themselves (RFC 6749, section 4.4), with a certified provider. */
@QuarkusTest
class ClientConnectionTest {

    private static final Map<String, ?> FOR_ITSELF = Map.of(
            "grant_types", List.of("client_credentials"), "response_types", List.of(), "redirect_uris", List.of());

    private static Branch branch(OidcProvider provider, String secret) {
        var branch = Branch.of(Api.newUser(), provider, "client_secret_basic", secret, FOR_ITSELF);
        branch.admin()
                .calls()
                .body(Map.of("scopes", List.of()))
                .patch(Branch.BASE + "/clients/" + branch.number())
                .then()
                .statusCode(200);
        return branch;
    }

    private static Response connect(Branch branch) {
        return branch.admin().calls().post(Branch.BASE + "/oauth/client-credentials/" + branch.number());
    }

    @Test
    void itIsConnectedByItselfAndKeptAlive() {
        var branch = branch(OidcProvider.withLife(6), OidcProvider.SECRET);
        branch.token(0).then().statusCode(409).body("code", equalTo("not_connected"));
        var connected = connect(branch);
        connected.then().statusCode(200).body("branch_id", equalTo(branch.id()));
        String first = connected.path("access_token");
        assertEquals(first, branch.accessToken());
        assertTrue(branch.isActive(first));
        Eventually.within(20, () -> assertNotEquals(first, branch.accessToken()));
        assertTrue(branch.isActive(branch.accessToken()));
        var second = branch.accessToken();
        branch.refresh().then().statusCode(200);
        assertNotEquals(second, branch.accessToken());
    }

    @Test
    void itIsEndedAsOthersAre() {
        var branch = branch(OidcProvider.withLife(60), OidcProvider.SECRET);
        String token = connect(branch).path("access_token");
        branch.revoke().then().statusCode(200).body("revoked_at_provider", equalTo(true));
        assertEquals(false, branch.isActive(token));
        branch.token(0).then().statusCode(409).body("code", equalTo("not_connected"));
        assertEquals(
                "revoked",
                Tables.value(
                        "select state from oauth_grants g join oauth_clients c on c.id = g.client_id where c.number = "
                                + branch.number()));
    }

    @Test
    void aWrongSecretIsToldPlainlyAndConnectsNothing() {
        var branch = branch(OidcProvider.withLife(60), "not the secret");
        connect(branch)
                .then()
                .statusCode(502)
                .body("code", equalTo("exchange_failed"))
                .body("reason", equalTo("invalid_client"));
        branch.token(0).then().statusCode(409).body("code", equalTo("not_connected"));
    }

    @Test
    void nobodyConnectsClientsOfOthersOrThoseThatAreSwitchedOff() {
        var branch = branch(OidcProvider.withLife(60), OidcProvider.SECRET);
        Api.newUser()
                .calls()
                .post(Branch.BASE + "/oauth/client-credentials/" + branch.number())
                .then()
                .statusCode(404);
        branch.admin()
                .calls()
                .body(Map.of("is_active", false))
                .patch(Branch.BASE + "/clients/" + branch.number())
                .then()
                .statusCode(200);
        connect(branch).then().statusCode(404);
    }
}
