package dev.latchkey.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.latchkey.local.TestServices;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.provider.FaultServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a provider gives, and what proves a client to it, goes through every call of connections at DEBUG, while all is well, while the provider says what
 * it was told in its errors, and while no row can be written; then it is searched for wherever the service leaves something.
 */
class ConnectionCanaryIT {

    private static final Map<String, Supplier<String>> SINKS = Map.of(
            "the service's log at DEBUG", () -> ConnectionCanaryIT.instance.log(),
            "metrics",
                    () -> send("GET", URI.create(ConnectionCanaryIT.instance.management() + "/q/metrics"), "", "")
                            .body(),
            "Redis", CanarySinks::redis,
            "PostgreSQL", Tables::everything,
            "PostgreSQL's log", CanarySinks::postgresLog);
    private static final List<String> TABLES =
            List.of("oauth_clients", "oauth_client_secrets", "oauth_grants", "oauth_used_states");
    // A name of its own: other tests' refusals stand in the same log.
    private static final String CONSTRAINT = "connection_canary";

    private static final String BASE = "/token-management";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final List<Canary> canaries = new CopyOnWriteArrayList<>();
    private static Instance instance;
    private static FaultServer provider;
    private static String admin;
    private static String reader;

    @BeforeAll
    static void sendSecretsEverywhere() throws Exception {
        provider = new FaultServer();
        provider.answers(ConnectionCanaryIT::serve);
        instance = Instance.start(Map.of(
                "quarkus.log.level",
                "DEBUG",
                "quarkus.log.category.\"dev.latchkey\".level",
                "TRACE",
                "quarkus.log.category.\"org.hibernate.orm.jdbc.bind\".level",
                "TRACE",
                "quarkus.redis.hosts",
                TestServices.redis() + "/2",
                "latchkey.oauth.discovery",
                "any"));
        instance.awaitReady();
        admin = field(
                call(
                        "POST",
                        "/api/auth/login",
                        "",
                        "{\"username\":\"admin\",\"password\":\"correct-horse-battery-staple-test\"}"),
                "access_token");
        reader = field(
                call("POST", "/api/v1/tokens", admin, "{\"name\":\"reader\",\"scopes\":[\"read:connections\"]}"),
                "token");
        goAllWays();
        provider.answers(ConnectionCanaryIT::repeatWhatWasSaid);
        goAllWays();
        provider.answers(ConnectionCanaryIT::serve);
        // One table at a time: a call that is refused its first row never comes to its second.
        for (var table : TABLES) {
            Tables.change("alter table " + table + " add constraint " + CONSTRAINT + " check (false) not valid");
            try {
                goAllWays();
            } finally {
                Tables.change("alter table " + table + " drop constraint " + CONSTRAINT);
            }
        }
    }

    @AfterAll
    static void stop() {
        instance.close();
        provider.close();
    }

    @Test
    void noSecretIsLeftAnywhere() {
        assertTrue(canaries.size() > 50, "canaries: " + canaries.size());
        assertAll(SINKS.entrySet().stream().map(sink -> () -> {
            var content = sink.getValue().get();
            assertFalse(content.isBlank(), sink.getKey() + " holds nothing: it was not searched");
            assertEquals("", String.join("\n", Canary.found(canaries, content)), sink.getKey());
        }));
    }

    @Test
    void theSecretsReallyWentThrough() {
        for (var grant : List.of("authorization_code", "refresh_token", "client_credentials", "device_code")) {
            assertTrue(provider.asked().stream().anyMatch(asked -> asked.body().contains(grant)), grant);
        }
        assertTrue(instance.log().lines().anyMatch(line -> line.contains("\"level\":\"DEBUG\"")), "no line at DEBUG");
        var refused = CanarySinks.postgresLog();
        for (var table : TABLES) {
            assertTrue(
                    refused.contains(
                            "new row for relation \"" + table + "\" violates check constraint \"" + CONSTRAINT + "\""),
                    table);
        }
    }

    private static String canary(String kind) {
        var text = "cnry" + RandomText.base62(36);
        canaries.add(new Canary(kind, text));
        return text;
    }

    private static void serve(HttpExchange exchange, String body) throws IOException {
        var issuer = provider.uri("").toString();
        var path = exchange.getRequestURI().getPath();
        var answer = path.startsWith("/.well-known")
                ? """
                {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",
                "revocation_endpoint":"%1$s/revoke","device_authorization_endpoint":"%1$s/device"}""".formatted(issuer)
                : path.equals("/device")
                        ? """
                {"device_code":"%s","user_code":"ABCD","verification_uri":"https://example.test/device","expires_in":600}""".formatted(canary("device code"))
                        : """
                {"access_token":"%s","refresh_token":"%s","token_type":"Bearer","expires_in":600}""".formatted(canary("access token"), canary("provider's refresh token"));
        FaultServer.json(200, answer).to(exchange, body);
    }

    // As some providers do when they are asked something odd.
    private static void repeatWhatWasSaid(HttpExchange exchange, String body) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (path.startsWith("/.well-known")) {
            serve(exchange, body);
            return;
        }
        var header = exchange.getRequestHeaders().getFirst("Authorization");
        var said = "{\"error\":\"invalid_request\",\"error_description\":\"" + body + " " + header + "\"}";
        FaultServer.json(path.equals("/revoke") ? 500 : 400, said).to(exchange, body);
    }

    private static void goAllWays() throws Exception {
        var name = "c" + RandomText.base62(12);
        var number = field(call("POST", BASE + "/clients", admin, client(name, canary("client secret"))), "client_id");
        call(
                "POST",
                BASE + "/clients",
                admin,
                client(name, canary("client secret")).replace("http:", "ftp:"));
        call(
                "POST",
                BASE + "/clients",
                admin,
                client(name, canary("client secret")).replace("}", ""));
        logIn(number);
        read(name);
        var client = "{\"client_id\":\"" + name + "\"}";
        call("POST", BASE + "/tokens/refresh", admin, client);
        read(name);
        call(
                "PATCH",
                BASE + "/clients/" + name,
                admin,
                "{\"client_secret\":\"" + canary("client secret") + "\",\"keep_old_secrets\":true}");
        call("PATCH", BASE + "/clients/" + name, admin, "{\"client_secret\":[\"" + canary("client secret") + "\"]}");
        call("POST", BASE + "/tokens/refresh", admin, client);
        call("POST", BASE + "/tokens/refresh", admin, "{\"client_id\":\"" + canary("what is no id") + "\"}");
        var device = call("POST", BASE + "/oauth/device/" + name, admin, "");
        call(
                "POST",
                BASE + "/oauth/device/" + name + "/token",
                admin,
                "{\"login\":\"" + field(device, "login") + "\"}");
        call("POST", BASE + "/oauth/client-credentials/" + name, admin, "");
        read(name);
        imports();
        call("DELETE", BASE + "/tokens/" + name, admin, "");
        call("DELETE", BASE + "/clients/" + name, admin, "");
    }

    private static String client(String name, String secret) {
        return """
                {"client_id":"%1$s","client_secret":"%2$s","redirect_uri":"http://localhost/callback","branch_id":"%1$s",
                "workspace_email":"desk@example.test","workspace_name":"Desk","provider":"oidc:%3$s"}""".formatted(name, secret, provider.uri(""));
    }

    private static void logIn(String number) {
        if (number.isEmpty()) {
            return;
        }
        var login = send("GET", URI.create(instance.base() + BASE + "/oauth/login/" + number), "", "");
        var location = login.headers().firstValue("Location").orElseThrow();
        var state = URLDecoder.decode(location.replaceFirst(".*[?&]state=", "").replaceFirst("&.*", ""), UTF_8);
        var cookie = login.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
        for (var accept : List.of("application/json", "text/html")) {
            for (var query : List.of(
                    "code=" + canary("code") + "&state=" + state,
                    "code=" + canary("code") + "&state=" + state + "x",
                    "error=access_denied&state=" + state + "&code=" + canary("code"))) {
                var request = HttpRequest.newBuilder(URI.create(instance.base() + BASE + "/auth/callback?" + query))
                        .header("Accept", accept)
                        .header("Cookie", cookie);
                send(request.build());
            }
        }
    }

    private static void read(String branch) {
        call("GET", BASE + "/tokens/" + branch, reader, "");
        call("GET", BASE + "/tokens/" + branch, reader, "");
        call("GET", BASE + "/tokens/" + branch + "?min_seconds=900&reason=why", reader, "");
        call("GET", BASE + "/tokens/" + branch + "?min_seconds=x", reader, "");
    }

    private static void imports() {
        var name = "i" + RandomText.base62(12);
        var line = """
                {"client_id":"%1$s","client_secret":"%2$s","redirect_uri":"http://localhost/callback","branch_id":"%1$s","workspace_email":"desk@example.test","workspace_name":"Desk","token":{"access_token":"%3$s","refresh_token":"%4$s"}}""".formatted(
                        name, canary("client secret"), canary("access token"), canary("provider's refresh token"));
        for (var document : List.of(
                line,
                line.substring(0, line.length() - 3),
                line.replace("\"branch_id\"", "\"" + canary("name of a field") + "\""),
                line.replace("{\"access_token\":", "[").replace("}}", "]}"))) {
            var request = HttpRequest.newBuilder(
                            URI.create(instance.base() + BASE + "/migration/import?provider=oidc:" + provider.uri("")))
                    .header("Authorization", "Bearer " + admin)
                    .header("Content-Type", "application/x-ndjson")
                    .POST(BodyPublishers.ofString(document));
            send(request.build());
        }
    }

    private static HttpResponse<String> call(String method, String path, String credential, String body) {
        return send(method, URI.create(instance.base() + path), credential, body);
    }

    private static HttpResponse<String> send(String method, URI uri, String credential, String body) {
        var request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!credential.isEmpty()) {
            request.header("Authorization", "Bearer " + credential);
        }
        return send(request.build());
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Empty if the answer has no such field. */
    private static String field(HttpResponse<String> answer, String name) throws IOException {
        return new ObjectMapper().readTree(answer.body()).path(name).asText("");
    }
}
