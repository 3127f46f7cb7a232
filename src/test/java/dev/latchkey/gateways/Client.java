package dev.latchkey.gateways;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Somebody at an address of this machine's own: 127.0.0.1, 127.0.0.2 and so on. */
final class Client {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http;

    Client(String address) {
        try {
            http = HttpClient.newBuilder()
                    .localAddress(InetAddress.getByName(address))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param headers names and values in turn */
    HttpResponse<String> get(String url, String... headers) {
        return send("GET", url, "", headers);
    }

    HttpResponse<String> send(String method, String url, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A user of a tenant of their own, logged in at that service. */
    Owner newOwner(String latchkey) {
        var name = "gateway" + Long.toString(System.nanoTime(), 36);
        var password = "a-long-enough-Password-for-tests";
        post(
                latchkey + "/api/auth/register",
                Map.of("username", name, "email", name + "@example.test", "password", password));
        var login = post(latchkey + "/api/auth/login", Map.of("username", name, "password", password));
        return new Owner(
                this,
                latchkey,
                login.path("access_token").asText(),
                login.path("user").path("tenant_id").asText());
    }

    JsonNode post(String url, Map<String, ?> body, String... headers) {
        try {
            var all = new java.util.ArrayList<>(List.of("Content-Type", "application/json"));
            all.addAll(List.of(headers));
            var answer = send("POST", url, JSON.writeValueAsString(body), all.toArray(String[]::new));
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(url + ": " + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who makes tokens. */
    record Owner(Client client, String latchkey, String session, String tenantId) {

        /** With the text in {@code token}. */
        JsonNode newToken(Map<String, ?> fields) {
            return client.post(latchkey + "/api/v1/tokens", fields, "Authorization", "Bearer " + session);
        }

        String newToken(String scope) {
            return newToken(Map.of("name", "a token", "scopes", List.of(scope)))
                    .path("token")
                    .asText();
        }

        void revoke(JsonNode token) {
            var url = latchkey + "/api/v1/tokens/" + token.path("id").asText();
            var status = client.send("DELETE", url, "", "Authorization", "Bearer " + session)
                    .statusCode();
            if (status != 204) {
                throw new IllegalStateException(url + ": " + status);
            }
        }
    }
}
