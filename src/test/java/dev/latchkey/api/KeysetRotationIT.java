package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.bot.BotApi;
import dev.latchkey.platform.crypto.KeysetCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An operator changes the keyset as docs/operations.md says, and no secret is lost on the way. */
class KeysetRotationIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OTHER_KEYS = "select (select count(*) from signing_keys where key_id <> %1$s)"
            + " + (select count(*) from platform_secrets where key_id <> %1$s)"
            + " + (select count(*) from platform_idempotency_keys where key_id <> %1$s)"
            + " + (select count(*) from oauth_client_secrets where key_id <> %1$s)"
            + " + (select count(*) from oauth_grants where key_id <> %1$s)"
            + " + (select count(*) from bots where key_id <> %1$s)";
    private static final String CONNECTION = """
            {"client_id":"kept","client_secret":"kept","redirect_uri":"http://localhost/callback","branch_id":"kept",\
            "workspace_email":"desk@example.test","workspace_name":"Desk",\
            "token":{"access_token":"the kept token","refresh_token":"kept","expires_at":"2100-01-01T00:00:00Z"}}""";

    private final BotApi.Known bot = BotApi.newBot();
    private final OwnDatabase database = OwnDatabase.create("keyset_rotation");

    @Test
    void aKeyIsReplacedWhileEverySecretStaysReadable() throws Exception {
        var old = command("", "new");
        var oldId = ids(old).getFirst();
        var both = command(old, "add");
        var newId = ids(both).getLast();
        var promoted = command(both, "promote", newId);
        var fresh = command(promoted, "remove", oldId);

        String session;
        String firstAnswer;
        try (var instance = start(old)) {
            session = logIn(instance);
            firstAnswer = create(instance, session);
            post(instance, "/token-management/migration/import", session, CONNECTION);
            assertEquals("the kept token", connectionToken(instance, session));
            post(instance, "/api/user-bot/create", session, "{\"bot_token\":\"" + bot.token() + "\"}");
        }
        refusesAKeysetWithoutTheOldKey(fresh, oldId);
        try (var instance = start(promoted)) {
            assertEquals(firstAnswer, create(instance, session), "sealed by the old key, opened with it");
            Eventually.within(
                    150, () -> assertEquals("0", database.value(OTHER_KEYS.formatted(newId)), instance.log()));
        }
        try (var instance = start(fresh)) {
            assertEquals(firstAnswer, create(instance, session), "sealed anew, and the session's key still verifies");
            assertEquals("the kept token", connectionToken(instance, logIn(instance)));
            var verified = post(instance, "/api/user-bot/verify", logIn(instance), "{}");
            assertTrue(verified.path("is_verified").asBoolean(), verified.toString());
        }
    }

    private void refusesAKeysetWithoutTheOldKey(String keyset, String missing) {
        try (var instance = Instance.start(settings(keyset))) {
            var said = instance.awaitRefusal();
            for (var table : List.of(
                    "signing_keys",
                    "platform_secrets",
                    "platform_idempotency_keys",
                    "oauth_client_secrets",
                    "oauth_grants",
                    "bots")) {
                assertTrue(
                        said.matches("(?s).*LATCHKEY_KEYSET lacks the key " + missing + ", which sealed \\d+ rows of "
                                + table + "\\..*"),
                        said);
            }
            assertFalse(said.contains("\tat "), "no stack trace: " + said);
        }
    }

    private Instance start(String keyset) {
        return Instance.start(settings(keyset)).awaitReady();
    }

    private Map<String, String> settings(String keyset) {
        return database.settings(Map.of("latchkey.keyset", keyset, "latchkey.telegram.url", BotApi.url()));
    }

    private static String logIn(Instance instance) throws Exception {
        var body = "{\"username\":\"admin\",\"password\":\"correct-horse-battery-staple-test\"}";
        return post(instance, "/api/auth/login", "", body).path("access_token").asText();
    }

    /** The same each time: the answer is kept, sealed, under the same key. */
    private static String create(Instance instance, String session) throws Exception {
        var created = post(instance, "/api/v1/tokens", session, "{\"name\":\"a\",\"scopes\":[\"read:audits\"]}");
        assertTrue(created.path("token").asText().startsWith("lk_live_"), created.toString());
        return created.toString();
    }

    private static JsonNode post(Instance instance, String path, String session, String body) throws Exception {
        return send(
                session,
                HttpRequest.newBuilder(URI.create(instance.base() + path))
                        .header("Content-Type", path.endsWith("/import") ? "application/x-ndjson" : "application/json")
                        .header("Idempotency-Key", "the-same-each-time")
                        .POST(BodyPublishers.ofString(body)));
    }

    private static String connectionToken(Instance instance, String session) throws Exception {
        return send(session, HttpRequest.newBuilder(URI.create(instance.base() + "/token-management/tokens/kept")))
                .path("access_token")
                .asText();
    }

    private static JsonNode send(String session, HttpRequest.Builder request) throws Exception {
        if (!session.isEmpty()) {
            request.header("Authorization", "Bearer " + session);
        }
        try (var client = HttpClient.newHttpClient()) {
            return JSON.readTree(
                    client.send(request.build(), BodyHandlers.ofString()).body());
        }
    }

    private static List<String> ids(String keyset) {
        return command(keyset, "list")
                .lines()
                .map(line -> line.replace(" primary", ""))
                .toList();
    }

    private static String command(String input, String... words) {
        var output = new ByteArrayOutputStream();
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        assertEquals(0, new KeysetCommand(in, new PrintStream(output), System.err).run(List.of(words)));
        return output.toString(StandardCharsets.UTF_8);
    }
}
