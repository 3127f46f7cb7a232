package dev.latchkey.oauth;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.provider.FaultServer;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logins without a browser (RFC 8628), with a certified provider. */
@QuarkusTest
class DeviceConnectionTest {

    private static final Map<String, ?> OF_DEVICES = Map.of(
            "grant_types",
            List.of("urn:ietf:params:oauth:grant-type:device_code", "refresh_token"),
            "response_types",
            List.of(),
            "redirect_uris",
            List.of());

    private Branch branch;

    @BeforeEach
    void aClientForDevices() {
        branch = Branch.of(
                Api.newUser(), OidcProvider.withLife(60), "client_secret_basic", OidcProvider.SECRET, OF_DEVICES);
    }

    private static String path(Branch branch) {
        return Branch.BASE + "/oauth/device/" + branch.number();
    }

    private Response begin() {
        return branch.admin().calls().post(path(branch));
    }

    private static Response ask(Branch branch, String login) {
        return branch.admin().calls().body(Map.of("login", login)).post(path(branch) + "/token");
    }

    @Test
    void theOwnerAgreesElsewhereAndTheAccountIsConnectedAndKeptAlive() {
        var begun = begin();
        begun.then()
                .statusCode(200)
                .body("success", equalTo(true))
                .body("interval", equalTo(5))
                .body("verification_uri", equalTo(branch.provider().issuer() + "/device"))
                .body("verification_uri_complete", startsWith(branch.provider().issuer() + "/device?user_code="));
        String login = begun.path("login");
        ask(branch, login)
                .then()
                .statusCode(400)
                .body("code", equalTo("authorization_pending"))
                .header("Retry-After", "5");
        branch.provider().typed(begun.path("user_code"), true);
        var connected = ask(branch, login);
        connected.then().statusCode(200).body("branch_id", equalTo(branch.id()));
        assertTrue(branch.isActive(connected.path("access_token")));
        assertEquals(connected.<String>path("access_token"), branch.accessToken());
        branch.refresh().then().statusCode(200);
        assertTrue(branch.isActive(branch.accessToken()));
        // A code is used once.
        ask(branch, login).then().statusCode(502).body("reason", equalTo("invalid_grant"));
        assertFalse(branch.accessToken().isEmpty());
    }

    @Test
    void whoDoesNotAgreeConnectsNothing() {
        var begun = begin();
        branch.provider().typed(begun.path("user_code"), false);
        ask(branch, begun.path("login")).then().statusCode(400).body("code", equalTo("access_denied"));
        branch.token(0).then().statusCode(409);
    }

    @Test
    void aLoginIsOfItsClientAndItsKindAlone() {
        String login = begin().path("login");
        var other =
                Branch.of(branch.admin(), branch.provider(), "client_secret_basic", OidcProvider.SECRET, OF_DEVICES);
        ask(other, login).then().statusCode(400).body("code", equalTo("invalid_state"));
        for (var text : List.of(
                "", "x", login + "A", login.substring(2), "é".repeat(9000).substring(0, 4000))) {
            ask(branch, text).then().statusCode(400).body("code", equalTo("invalid_state"));
        }
        ask(branch, "x".repeat(8001)).then().statusCode(422);
        // The state of a browser's login is no login of a device.
        var location = Branch.browser()
                .get(URI.create(Branch.here() + Branch.BASE + "/oauth/login/" + branch.number()), "text/html")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        ask(branch, location.replaceFirst(".*[?&]state=", "").replaceFirst("&.*", ""))
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid_state"));
        Api.newUser().calls().post(path(branch)).then().statusCode(404);
    }

    @Test
    void whatAProviderAnswersThatIsNoCodeIsToldPlainly() throws Exception {
        try (var server = new FaultServer()) {
            var issuer = server.uri("").toString();
            server.answers(FaultServer.json(200, """
                    {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",
                    "device_authorization_endpoint":"%1$s/device"}""".formatted(issuer)));
            var admin = Api.newUser();
            var number = admin.calls()
                    .body(Map.of(
                            "client_id", "device",
                            "client_secret", "secret",
                            "redirect_uri", "http://localhost/callback",
                            "branch_id", "device",
                            "workspace_email", "a@example.test",
                            "workspace_name", "Example",
                            "provider", "oidc:" + issuer))
                    .post(Branch.BASE + "/clients")
                    .jsonPath()
                    .getLong("client_id");
            var answers = Map.of(
                    "{\"error\":\"unauthorized_client\"}", "unauthorized_client",
                    "{\"device_code\":\"d\",\"user_code\":\"u\"}", "An answer without a code",
                    "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"javascript:alert(1)\"}",
                            "An answer without a code",
                    "[]", "Status 200");
            answers.forEach((answer, reason) -> {
                server.answers(FaultServer.json(answer.contains("error") ? 400 : 200, answer));
                admin.calls()
                        .post(Branch.BASE + "/oauth/device/" + number)
                        .then()
                        .statusCode(502)
                        .body("code", equalTo("exchange_failed"))
                        .body("reason", equalTo(reason));
            });
            // Google's way of writing it, and what it leaves out.
            server.answers(
                    FaultServer.json(
                            200,
                            "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_url\":\"https://example.test/device\",\"expires_in\":1800}"));
            admin.calls()
                    .post(Branch.BASE + "/oauth/device/" + number)
                    .then()
                    .statusCode(200)
                    .body("verification_uri", equalTo("https://example.test/device"))
                    .body("verification_uri_complete", equalTo(null))
                    .body("interval", equalTo(5));
        }
    }
}
