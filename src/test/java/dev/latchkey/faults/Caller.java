package dev.latchkey.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Calls instances over HTTP, as the admin or with a token. */
final class Caller {

    /** The text and the id of a token. */
    record Token(String id, String text) {}

    /** The limits of a token that nobody uses up. */
    static final Map<String, Long> NO_LIMITS =
            Map.of("per_minute", 1_000_000_000L, "per_hour", 1_000_000_000L, "per_day", 1_000_000_000L);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();

    String logIn(String base) throws IOException, InterruptedException {
        var body = "{\"username\":\"admin\",\"password\":\"correct-horse-battery-staple-test\"}";
        return json(call("POST", base + "/api/auth/login", "", body))
                .path("access_token")
                .asText();
    }

    Token newToken(String base, String session) throws IOException, InterruptedException {
        return newToken(base, session, Map.of());
    }

    /** One without limits and with the scope {@code read:audits}, unless the fields say otherwise. */
    Token newToken(String base, String session, Map<String, ?> fields) throws IOException, InterruptedException {
        var all = new HashMap<String, Object>(
                Map.of("name", "under load", "scopes", List.of("read:audits"), "rate_limits", NO_LIMITS));
        all.putAll(fields);
        var token = json(call("POST", base + "/api/v1/tokens", session, JSON.writeValueAsString(all)));
        return new Token(token.path("id").asText(), token.path("token").asText());
    }

    /** The status. */
    int revoke(String base, String session, Token token) throws IOException, InterruptedException {
        return call("DELETE", base + "/api/v1/tokens/" + token.id(), session, "")
                .statusCode();
    }

    /** The status of a call made with the token, once the whole answer is here. */
    int use(String base, Token token) throws IOException, InterruptedException {
        return use(base, token, UUID.randomUUID().toString());
    }

    int use(String base, Token token, String requestId) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(base + "/api/v1/tokens/me"))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token.text())
                .header("X-Request-Id", requestId);
        return client.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    HttpResponse<String> call(String method, String url, String credential, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (!credential.isEmpty()) {
            request.header("Authorization", "Bearer " + credential);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }
}
