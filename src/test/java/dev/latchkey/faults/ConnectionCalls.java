package dev.latchkey.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Calls about connections, to whichever instance. */
final class ConnectionCalls {

    static final String BASE = "/token-management";

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Caller caller = new Caller();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String admin;
    private final String reader;

    /** @param base of any instance */
    ConnectionCalls(String base) throws IOException, InterruptedException {
        admin = caller.logIn(base);
        reader = caller.newToken(base, admin, Map.of("scopes", List.of("read:connections")))
                .text();
    }

    /** Registers a client for a branch of the same name; its number. */
    long register(String base, String clientId, String secret, String provider)
            throws IOException, InterruptedException {
        return Caller.json(caller.call(
                        "POST", base + BASE + "/clients", admin, """
                        {"client_id":"%1$s","client_secret":"%2$s","redirect_uri":"%3$s%4$s/auth/callback","branch_id":"%1$s",
                        "workspace_email":"desk@example.test","workspace_name":"Desk","provider":"%5$s"}""".formatted(clientId, secret, base, BASE, provider)))
                .path("client_id")
                .asLong();
    }

    /** Logs in at a provider that asks nobody, and sends back whatever code. */
    void connect(String base, long number) throws IOException, InterruptedException {
        var login = http.send(
                HttpRequest.newBuilder(URI.create(base + BASE + "/oauth/login/" + number))
                        .build(),
                BodyHandlers.discarding());
        var location = login.headers().firstValue("Location").orElseThrow();
        var state = URLDecoder.decode(location.replaceFirst(".*[?&]state=", "").replaceFirst("&.*", ""), UTF_8);
        var cookie = login.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
        var callback = http.send(
                HttpRequest.newBuilder(URI.create(base + BASE + "/auth/callback?code=x&state=" + state))
                        .header("Cookie", cookie)
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, callback.statusCode(), callback::body);
    }

    HttpResponse<String> token(String base, String branch, int minSeconds) {
        return send("GET", base + BASE + "/tokens/" + branch + "?min_seconds=" + minSeconds, reader, "");
    }

    /** With whatever life it has left. */
    String accessToken(String base, String branch) {
        try {
            return Caller.json(token(base, branch, 0)).path("access_token").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> refresh(String base, long number) {
        return send("POST", base + BASE + "/tokens/refresh", admin, "{\"client_id\":" + number + "}");
    }

    private HttpResponse<String> send(String method, String url, String credential, String body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .timeout(PATIENCE)
                            .method(method, BodyPublishers.ofString(body))
                            .header("Authorization", "Bearer " + credential)
                            .header("Content-Type", "application/json")
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
