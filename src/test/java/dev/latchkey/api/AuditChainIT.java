package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The chain of one tenant, written by many through two processes of the packaged service. */
class AuditChainIT {

    private static final int WRITERS = 16;
    private static final int ACTS = 50;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Instance one;
    private static Instance other;

    @BeforeAll
    static void start() {
        var settings = Map.of(
                "latchkey.limits.timeout", "10s",
                "latchkey.redis.timeout", "10s",
                "latchkey.limits.session.per-minute", "1000000",
                "latchkey.limits.session.per-hour", "1000000",
                "latchkey.limits.session.per-day", "1000000",
                "latchkey.limits.anonymous.per-minute", "1000000",
                "latchkey.limits.anonymous.per-hour", "1000000");
        one = Instance.start(settings);
        other = Instance.start(settings);
        one.awaitReady();
        other.awaitReady();
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    @Test
    void concurrentWritersOfOneTenantMakeOneChainWithoutGaps() {
        var admin = newAdmin();
        var took = write(IntStream.range(0, WRITERS).mapToObj(number -> admin).toList());
        System.out.println(WRITERS + " writers of one tenant: " + took);

        var verdict = call("GET", other.base() + "/api/v1/audit-log/verify", admin, "", 200);
        assertEquals(
                "true null",
                verdict.path("valid").asText() + " " + verdict.path("problem").asText());
        var rows = 3 + WRITERS + WRITERS * ACTS;
        assertEquals(rows, verdict.path("checked").asInt());
        assertEquals(rows, verdict.path("last_position").asInt());
        assertEquals(List.of(), deadlocks());
    }

    @Test
    void writersOfDifferentTenantsEachHaveTheirChain() {
        var admins = IntStream.range(0, WRITERS).mapToObj(number -> newAdmin()).toList();
        var took = write(admins);
        System.out.println("A writer of each of " + WRITERS + " tenants: " + took);
        for (var admin : admins) {
            var verdict = call("GET", one.base() + "/api/v1/audit-log/verify", admin, "", 200);
            assertEquals(
                    "true " + (4 + ACTS),
                    verdict.path("valid").asText() + " "
                            + verdict.path("checked").asText());
        }
    }

    private static String write(List<String> credentials) {
        var tokens = credentials.stream()
                .map(credential -> call(
                                "POST",
                                one.base() + "/api/v1/tokens",
                                credential,
                                "{\"name\":\"x\",\"scopes\":[\"read:audits\"]}",
                                201)
                        .path("id")
                        .asText())
                .toList();
        var begin = System.nanoTime();
        var millis = new ArrayList<Double>();
        Together.run(credentials.size(), number -> write(credentials.get(number), tokens.get(number)))
                .forEach(millis::addAll);
        var seconds = (System.nanoTime() - begin) / 1e9;
        millis.sort(null);
        return "%d acts in %.1f s, %.0f a second, median %.0f ms, 99 of 100 within %.0f ms"
                .formatted(
                        millis.size(),
                        seconds,
                        millis.size() / seconds,
                        millis.get(millis.size() / 2),
                        millis.get(millis.size() * 99 / 100));
    }

    private static List<Double> write(String credential, String token) {
        var millis = new ArrayList<Double>();
        for (var i = 0; i < ACTS; i++) {
            var base = i % 2 == 0 ? one.base() : other.base();
            var begin = System.nanoTime();
            call("PATCH", base + "/api/v1/tokens/" + token, credential, "{\"name\":\"name " + i + "\"}", 200);
            millis.add((System.nanoTime() - begin) / 1e6);
        }
        return millis;
    }

    private static List<String> deadlocks() {
        return (one.log() + other.log())
                .lines()
                .filter(line -> line.contains("deadlock") || line.contains("lock timeout"))
                .toList();
    }

    private static String newAdmin() {
        var name = Api.uniqueName();
        var user = call(
                "POST",
                one.base() + "/api/auth/register",
                "",
                "{\"username\":\"%1$s\",\"email\":\"%1$s@example.test\",\"password\":\"%2$s\"}"
                        .formatted(name, Api.PASSWORD),
                201);
        logIn(name);
        Tables.change(
                "update users set role = 'admin' where id = ?::uuid",
                user.path("id").asText());
        return logIn(name);
    }

    private static String logIn(String name) {
        return call(
                        "POST",
                        one.base() + "/api/auth/login",
                        "",
                        "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, Api.PASSWORD),
                        200)
                .path("access_token")
                .asText();
    }

    private static JsonNode call(String method, String url, String credential, String body, int status) {
        var request = HttpRequest.newBuilder(URI.create(url))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (!credential.isEmpty()) {
            request.header("Authorization", "Bearer " + credential);
        }
        try {
            var answer = CLIENT.send(request.build(), BodyHandlers.ofString());
            assertEquals(status, answer.statusCode(), answer.body());
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
