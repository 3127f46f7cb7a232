package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.local.TestServices;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.telegram.TelegramFaults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Bot tokens, and what is kept with them, go through every call of bots at DEBUG, while Telegram does as it should, fails in each way, and says what it was told,
 * and while no row can be written; then they are searched for wherever the service leaves something, its answers included.
 */
class BotCanaryIT {

    private static final Map<String, Supplier<String>> SINKS = Map.of(
            "the service's log at DEBUG",
            () -> BotCanaryIT.instance.log(),
            "metrics",
            () -> send("GET", URI.create(BotCanaryIT.instance.management() + "/q/metrics"), "", "")
                    .body(),
            "Redis",
            CanarySinks::redis,
            "PostgreSQL",
            Tables::everything,
            "PostgreSQL's log",
            CanarySinks::postgresLog,
            "answers",
            () -> String.join("\n", BotCanaryIT.answers));
    private static final List<String> TABLES = List.of("bots", "admin_bot_actions");
    private static final String OWN = "/api/user-bot/";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final List<Canary> canaries = new CopyOnWriteArrayList<>();
    private static final List<String> answers = new CopyOnWriteArrayList<>();
    private static final AtomicLong BOT_IDS = new AtomicLong(7_000_000_000L);
    private static Instance instance;
    private static TelegramFaults telegram;
    private static String admin;

    @BeforeAll
    static void sendTokensEverywhere() throws Exception {
        telegram = new TelegramFaults();
        instance = Instance.start(Map.of(
                "quarkus.log.level",
                "DEBUG",
                "quarkus.log.category.\"dev.latchkey\".level",
                "TRACE",
                "quarkus.log.category.\"org.hibernate.orm.jdbc.bind\".level",
                "TRACE",
                "quarkus.redis.hosts",
                TestServices.redis() + "/3",
                "latchkey.telegram.url",
                telegram.uri().toString(),
                "latchkey.telegram.timeout",
                "500ms",
                "latchkey.governor.longest-wait",
                "1s"));
        instance.awaitReady();
        admin = field(
                send(
                        "POST",
                        URI.create(instance.base() + "/api/auth/login"),
                        "",
                        "{\"username\":\"admin\",\"password\":\"correct-horse-battery-staple-test\"}"),
                "access_token");
        for (var fault : List.of(
                usual(),
                TelegramFaults.echo(),
                TelegramFaults.echoRefused(400),
                TelegramFaults.echoRefused(401),
                TelegramFaults.echoRefused(403),
                TelegramFaults.echoRefused(409),
                TelegramFaults.echoRefused(500),
                TelegramFaults.tooMany(60),
                TelegramFaults.reset(),
                TelegramFaults.cutOff(),
                TelegramFaults.garbage(),
                TelegramFaults.after(Duration.ofSeconds(1), usual()))) {
            goAllWays(fault);
        }
        for (var table : TABLES) {
            Tables.change("alter table " + table + " add constraint canary check (false) not valid");
            try {
                goAllWays(usual());
            } finally {
                Tables.change("alter table " + table + " drop constraint canary");
            }
        }
    }

    @AfterAll
    static void stop() {
        instance.close();
        telegram.close();
    }

    @Test
    void noTokenIsLeftAnywhere() {
        assertTrue(canaries.size() > 40, "canaries: " + canaries.size());
        assertAll(SINKS.entrySet().stream().map(sink -> () -> {
            var content = sink.getValue().get();
            assertFalse(content.isBlank(), sink.getKey() + " holds nothing: it was not searched");
            assertEquals("", String.join("\n", Canary.found(canaries, content)), sink.getKey());
        }));
    }

    @Test
    void theTokensReallyWentThrough() {
        for (var method : List.of("getMe", "sendMessage", "getChat")) {
            assertTrue(telegram.calls().stream().anyMatch(call -> call.method().equals(method)), method);
        }
        assertTrue(instance.log().lines().anyMatch(line -> line.contains("\"level\":\"DEBUG\"")), "no line at DEBUG");
        var refused = CanarySinks.postgresLog();
        for (var table : TABLES) {
            assertTrue(
                    refused.contains("new row for relation \"" + table + "\" violates check constraint \"canary\""),
                    table);
        }
        assertTrue(answers.stream().anyMatch(answer -> answer.contains("[bot token]")), "nothing was cut out");
    }

    private static TelegramFaults.Answer usual() {
        return (exchange, call) -> {
            var id = call.token().substring(0, call.token().indexOf(':'));
            TelegramFaults.ok("{\"id\":" + id + ",\"is_bot\":true,\"first_name\":\"Bot\",\"username\":\"canary_bot\"}")
                    .to(exchange, call);
        };
    }

    private static String canary(String kind, String text) {
        canaries.add(new Canary(kind, text));
        return text;
    }

    private static String newToken() {
        return BOT_IDS.incrementAndGet() + ":" + canary("bot token", "cnry" + RandomText.base62(31));
    }

    // Each has a user of its own: what one fault leaves behind is not to keep the next from being met.
    private static void goAllWays(TelegramFaults.Answer fault) throws Exception {
        var name = "canary" + RandomText.base62(12);
        var number = field(
                send(
                        "POST",
                        URI.create(instance.base() + "/api/auth/register"),
                        "",
                        "{\"username\":\"%1$s\",\"email\":\"%1$s@example.test\",\"password\":\"%2$s\"}"
                                .formatted(name, Api.PASSWORD)),
                "number");
        var owner = field(
                send(
                        "POST",
                        URI.create(instance.base() + "/api/auth/login"),
                        "",
                        "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, Api.PASSWORD)),
                "access_token");
        malformed(owner);
        telegram.answers(fault);
        create(owner);
        telegram.answers(usual());
        create(owner);
        call("POST", OWN + "verify", owner, "{}");
        telegram.answers(fault);
        for (var method : List.of("sendMessage", "getChat", "getMe")) {
            call("POST", OWN + "call/" + method, owner, "{\"chat_id\":1,\"text\":\"x\"}");
        }
        call("POST", OWN + "verify", owner, "{\"send_test_message\":true,\"test_chat_id\":1}");
        for (var end : List.of("status", "stats", "activity")) {
            call("GET", OWN + end, owner, "");
        }
        call("PATCH", OWN + "rate-limits", owner, "{\"max_requests_per_second\":20}");
        call("POST", OWN + "stop", owner, "");
        call("POST", OWN + "start", owner, "");
        administer("/api/admin/bots/" + number);
        call("DELETE", OWN + "remove", owner, "");
    }

    private static void administer(String bot) {
        call("GET", "/api/admin/bots/list?q=canary", admin, "");
        call("GET", bot + "/status", admin, "");
        call("POST", bot + "/access", admin, "");
        call("POST", bot + "/verify", admin, "{}");
        call("PATCH", bot + "/suspend", admin, "{\"reason\":\"a search for canaries\"}");
        call("PATCH", bot + "/activate", admin, "");
        call("PATCH", bot + "/rate-limits", admin, "{\"max_concurrent_requests\":5}");
        call("GET", "/api/admin/bots/actions", admin, "");
    }

    private static void create(String owner) {
        call("POST", OWN + "create", owner, """
                {"bot_token":"%s","telegram_api_id":1,"telegram_api_hash":"%s","telegram_phone":"+1%s"}""".formatted(
                        newToken(), canary("API hash", hex()), canary("phone number", digits())));
    }

    private static void malformed(String owner) {
        var token = newToken();
        for (var text : List.of(token + " ", " " + token, token + "\\n", "x" + token, token.substring(1) + "xx")) {
            call("POST", OWN + "create", owner, "{\"bot_token\":\"" + text + "\"}");
        }
        call("POST", OWN + "create", owner, "{\"bot_token\":[\"" + token + "\"]}");
        call("POST", OWN + "create", owner, "{\"bot_token\":\"" + token + "\"");
        call("POST", OWN + "create", owner, "{\"bot_token\":\"" + token + "\",\"max_requests_per_second\":0}");
        call("POST", OWN + "create", owner, "{\"" + token + "\":1}");
    }

    private static String hex() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static String digits() {
        return Long.toString(System.nanoTime() % 9_000_000_000L + 1_000_000_000L);
    }

    private static void call(String method, String path, String credential, String body) {
        answers.add(send(method, URI.create(instance.base() + path), credential, body)
                .body());
    }

    private static HttpResponse<String> send(String method, URI uri, String credential, String body) {
        var request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!credential.isEmpty()) {
            request.header("Authorization", "Bearer " + credential);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
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
