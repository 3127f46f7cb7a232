package dev.latchkey.api;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.local.FreePort;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A certified OpenID relying party library (openid-client, on Node.js) goes the whole way: metadata, introspection, revocation, with client
 * credentials. Skipped where there is no Node.js.
 */
class OpenIdClientIT {

    private static final Path SOURCE = Path.of("src/test/node/openid-client");
    private static final Path FOLDER = Path.of("target/openid-client");
    private static final int PATIENCE_MINUTES = 5;

    private static Instance instance;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(isThere("npm"), "npm is needed for this test");
        install();
        var port = FreePort.choose();
        instance = Instance.start(Map.of(
                "quarkus.http.port",
                Integer.toString(port),
                "latchkey.jwt.issuer",
                "http://127.0.0.1:" + port,
                "latchkey.limits.timeout",
                "10s",
                "latchkey.redis.timeout",
                "10s"));
        instance.awaitReady();
    }

    @AfterAll
    static void stop() {
        if (instance != null) {
            instance.close();
        }
    }

    @Test
    void aLibraryThatKnowsNothingOfUsFindsTheEndpointsIntrospectsAndRevokes() throws Exception {
        var client = newToken("verify:tokens", "admin:tenant");
        var token = newToken("read:audits", "read:reports");
        var seen = check(client, token);

        assertEquals(
                instance.base() + "/oauth2/introspect",
                seen.path("introspection_endpoint").asText());
        assertEquals(
                instance.base() + "/oauth2/revoke",
                seen.path("revocation_endpoint").asText());
        var before = seen.path("before");
        assertTrue(before.path("active").asBoolean(), seen::toString);
        assertEquals("read:audits read:reports", before.path("scope").asText());
        assertEquals(token.getString("id"), before.path("client_id").asText());
        assertEquals(instance.base(), before.path("iss").asText());
        assertEquals("ResponseBodyError", seen.path("malformed").path("name").asText(), seen::toString);
        assertEquals("invalid_request", seen.path("malformed").path("error").asText(), seen::toString);
        assertEquals("{\"active\":false}", seen.path("after").toString());
        assertEquals(401, seen.path("wrong_secret").path("status").asInt(), seen::toString);
        assertEquals("basic", seen.path("wrong_secret").path("scheme").asText(), seen::toString);
        given().header("Authorization", "Bearer " + token.getString("token"))
                .get(instance.base() + "/api/v1/tokens/me")
                .then()
                .statusCode(401);
    }

    @Test
    void theLibraryReadsOurErrors() throws Exception {
        var unprivileged = newToken("read:audits");
        var seen = check(unprivileged, newToken("read:reports"));
        assertEquals(403, seen.path("before").path("status").asInt(), seen::toString);
        assertEquals("insufficient_scope", seen.path("before").path("error").asText(), seen::toString);
        assertEquals("insufficient_scope", seen.path("revoked").path("error").asText(), seen::toString);
    }

    private static JsonNode check(JsonPath client, JsonPath token) throws Exception {
        var output = run(
                List.of("node", "check.mjs"),
                Map.of(
                        "ISSUER", instance.base(),
                        "CLIENT_ID", client.getString("id"),
                        "CLIENT_SECRET", client.getString("token"),
                        "TOKEN", token.getString("token")));
        return new ObjectMapper().readTree(output);
    }

    private static JsonPath newToken(String... scopes) {
        var session = given().contentType("application/json")
                .body(Map.of("username", "admin", "password", "correct-horse-battery-staple-test"))
                .post(instance.base() + "/api/auth/login")
                .jsonPath()
                .getString("access_token");
        return given().contentType("application/json")
                .header("Authorization", "Bearer " + session)
                .body(Map.of("name", "relying party", "scopes", List.of(scopes)))
                .post(instance.base() + "/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    // The lock file names versions and their digests; from where they come is the machine's business.
    private static void install() throws Exception {
        Files.createDirectories(FOLDER);
        for (var file : List.of("package.json", "package-lock.json", ".npmrc", "check.mjs")) {
            Files.copy(SOURCE.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), Map.of());
    }

    private static String run(List<String> command, Map<String, String> environment) throws Exception {
        var output = Files.createTempFile("latchkey-node-", ".out");
        var errors = Files.createTempFile("latchkey-node-", ".err");
        var builder = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        assertEquals(0, process.waitFor(), () -> command + ": " + read(output) + read(errors));
        return read(output);
    }

    private static boolean isThere(String program) {
        try {
            return new ProcessBuilder(program, "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
