package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.local.TestServices;
import dev.latchkey.platform.crypto.RandomText;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Secrets go through every operation of the packaged service while it logs at DEBUG, in the right places and in wrong ones, with
 * success and without; then they are searched for wherever the service leaves something.
 */
class CanaryIT {

    /** What keeps what it is told. A new sink is one more line. */
    private static final Map<String, Supplier<String>> SINKS = Map.of(
            "the service's log at DEBUG", () -> CanaryIT.instance.log(),
            "answers", () -> CanaryIT.calls.answers(),
            "metrics", CanaryIT::metrics,
            "Redis", CanarySinks::redis,
            "PostgreSQL", Tables::everything,
            "PostgreSQL's log", CanarySinks::postgresLog);

    private static Instance instance;
    private static CanaryCalls calls;
    private static int operations;

    @BeforeAll
    static void sendSecretsEverywhere() throws Exception {
        instance = Instance.start(Map.of(
                "quarkus.log.level", "DEBUG",
                "quarkus.log.category.\"dev.latchkey\".level", "TRACE",
                "quarkus.log.category.\"org.hibernate.orm.jdbc.bind\".level", "TRACE",
                // Thousands of calls from one address: not at the expense of other tests.
                "quarkus.redis.hosts", TestServices.redis() + "/1",
                "latchkey.limits.timeout", "10s"));
        instance.awaitReady();
        calls = new CanaryCalls(instance.base());
        for (var operation : operations()) {
            new CanaryWays(calls, operation).goAll();
            operations++;
        }
        CanaryOwner.make(calls).goTheUsualWays();
        whileEveryWriteFails();
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void noSecretIsLeftAnywhere() {
        assertAll(SINKS.entrySet().stream().map(sink -> () -> {
            var content = sink.getValue().get();
            assertFalse(content.isBlank(), sink.getKey() + " holds nothing: it was not searched");
            assertEquals("", String.join("\n", Canary.found(calls.canaries(), content)), sink.getKey());
        }));
    }

    @Test
    void everyOperationWasCalledAndTheLogReallyWasAtDebug() {
        assertTrue(operations > 20, "operations: " + operations);
        assertTrue(calls.count() > 20 * operations, "calls: " + calls.count());
        for (var logger : List.of("dev.latchkey.platform.problem", "org.hibernate", "io.vertx.redis")) {
            assertTrue(
                    instance.log()
                            .lines()
                            .anyMatch(line -> line.contains("\"loggerName\":\"" + logger)
                                    && line.contains("\"level\":\"DEBUG\"")),
                    "no line at DEBUG from " + logger);
        }
    }

    @Test
    void postgresqlReallyRefusedRowsAndShowedThem() {
        assertTrue(CanarySinks.postgresLog().contains("Failing row contains"));
    }

    /** Of the OpenAPI document, so that a route that comes later is called by itself. */
    private static List<CanaryWays.Operation> operations() throws Exception {
        var paths = calls.send("GET", "/q/openapi?format=json", "", Map.of()).path("paths");
        return paths.properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(operation ->
                                List.of("get", "post", "put", "patch", "delete").contains(operation.getKey()))
                        .map(operation -> new CanaryWays.Operation(
                                operation.getKey().toUpperCase(java.util.Locale.ROOT),
                                path.getKey(),
                                example(operation.getValue()))))
                .toList();
    }

    private static String example(JsonNode operation) {
        var content = operation.path("requestBody").path("content").path("application/json");
        var first = content.path("examples").elements();
        var example = content.has("example")
                ? content.path("example")
                : first.hasNext() ? first.next().path("value") : content.path("nothing");
        return example.isMissingNode() ? "" : example.toString();
    }

    // PostgreSQL then shows the row that it refuses in its message.
    private static void whileEveryWriteFails() throws Exception {
        var owner = CanaryOwner.make(calls);
        var tables = Tables.value("select string_agg(tablename, ',') from pg_tables where schemaname = 'public' "
                        + "and tablename !~ '^(flyway|usage_|token_usage_events)'")
                .split(",");
        for (var table : tables) {
            Tables.change("alter table " + table + " add constraint canary check (false) not valid");
        }
        try {
            for (var operation : operations()) {
                owner.callAsBoth(operation.method(), operation.path(), operation.example());
            }
            owner.goTheUsualWays();
        } finally {
            for (var table : tables) {
                Tables.change("alter table " + table + " drop constraint canary");
            }
        }
    }

    private static String metrics() {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(instance.management() + "/q/metrics"));
            return client.send(request.build(), BodyHandlers.ofString()).body();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A password as nobody else has it. */
    static String newPassword() {
        return "Pa55 " + RandomText.base62(20) + "/+&?";
    }
}
