package dev.latchkey.oauthclient;

import static dev.latchkey.provider.FaultServer.json;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import dev.latchkey.provider.FaultServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** As it is in production: a tenant names no issuer that is not everybody's. */
@QuarkusTest
@TestProfile(PublicDiscoveryTest.Public.class)
class PublicDiscoveryTest {

    /** The default, which tests on one machine cannot have. */
    public static final class Public implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("latchkey.oauth.discovery", "public");
        }
    }

    private static Response register(Someone user, String issuer) {
        return user.calls()
                .body(Map.of(
                        "client_id", "client",
                        "client_secret", "secret",
                        "redirect_uri", "https://keys.example.test/callback",
                        "branch_id", "north",
                        "workspace_email", "a@example.test",
                        "workspace_name", "Example",
                        "provider", "oidc:" + issuer))
                .post("/token-management/clients");
    }

    @Test
    void anIssuerInsideIsNotAskedAndItsAnswerIsThatOfOneThatIsAway() throws IOException {
        var user = Api.newUser();
        try (var server = new FaultServer()) {
            var plain = server.uri("").toString();
            server.answers(json(200, """
                    {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token"}""".formatted(plain)));
            for (var bad : List.of(
                    plain,
                    "http://example.com",
                    "ftp://example.com",
                    "https://u@example.com",
                    "https://example.com?x",
                    "https://example.com#x")) {
                register(user, bad).then().statusCode(422).body("errors.field", contains("provider"));
            }
            for (var inside : List.of(
                    plain.replace("http:", "https:"),
                    "https://localhost",
                    "https://[::1]",
                    "https://2130706433",
                    "https://10.0.0.1",
                    "https://169.254.169.254/latest/meta-data",
                    "https://issuer.invalid")) {
                register(user, inside)
                        .then()
                        .statusCode(502)
                        .body("code", equalTo("provider_unavailable"))
                        .body("detail", equalTo("The issuer could not be discovered"));
            }
            assertEquals(List.of(), server.asked());
        }
        user.calls().get("/token-management/clients").then().body("items", hasSize(0));
    }
}
