package dev.latchkey.bot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A Bot API that knows the tokens that it gave, and answers of each what a test says. As a profile, it is the one that the service calls. */
public final class BotApi implements QuarkusTestProfile {

    /** A bot that Telegram knows. */
    public record Known(long id, String token, String username) {}

    /** A call that came. */
    public record Asked(String method, String body) {}

    private record Answer(int status, String json, long afterMillis) {}

    private static final AtomicLong IDS = new AtomicLong(System.nanoTime() % 1_000_000_000_000L + 1);
    private static final Map<String, Known> KNOWN = new ConcurrentHashMap<>();
    private static final Map<String, Answer> SPECIAL = new ConcurrentHashMap<>();
    private static final Map<String, List<Asked>> ASKED = new ConcurrentHashMap<>();
    private static final HttpServer SERVER = start();

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "latchkey.telegram.url",
                "http://127.0.0.1:" + SERVER.getAddress().getPort(),
                "latchkey.telegram.timeout",
                "2s");
    }

    /** A bot that Telegram has just made. */
    public static Known newBot() {
        var known = unknownBot();
        KNOWN.put(known.token(), known);
        return known;
    }

    /** A bot with a token that Telegram never gave. */
    public static Known unknownBot() {
        var id = IDS.incrementAndGet();
        var secret = "%035d".formatted(id).replace('0', 'k');
        return new Known(id, id + ":" + secret, "a" + id + "_bot");
    }

    /** Telegram forgets the token, as after a revocation by @BotFather. */
    public static void revoke(Known bot) {
        KNOWN.remove(bot.token());
    }

    /** And knows it again. */
    public static void restore(Known bot) {
        KNOWN.put(bot.token(), bot);
    }

    /** Answers that method of that bot so, until it is said otherwise. */
    public static void answer(Known bot, String method, int status, String json) {
        SPECIAL.put(bot.token() + method, new Answer(status, json, 0));
    }

    /** Answers late. */
    public static void delay(Known bot, String method, long millis) {
        SPECIAL.put(bot.token() + method, new Answer(200, "{\"ok\":true,\"result\":" + me(bot) + "}", millis));
    }

    /** Answers as it should again. */
    public static void mend(Known bot, String method) {
        SPECIAL.remove(bot.token() + method);
    }

    public static List<Asked> asked(Known bot) {
        return ASKED.getOrDefault(bot.token(), List.of());
    }

    /** A refusal as the Bot API writes it. */
    public static String refusal(int code, String description) {
        return "{\"ok\":false,\"error_code\":%d,\"description\":\"%s\"}".formatted(code, description);
    }

    private static HttpServer start() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", BotApi::answer);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            var path = exchange.getRequestURI().getPath().substring("/bot".length());
            var token = path.substring(0, path.indexOf('/'));
            var method = path.substring(path.indexOf('/') + 1);
            ASKED.computeIfAbsent(token, key -> new CopyOnWriteArrayList<>()).add(new Asked(method, body));
            var answer = SPECIAL.getOrDefault(token + method, usual(token, method));
            sleep(answer.afterMillis());
            var bytes = answer.json().getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Answer usual(String token, String method) {
        var bot = KNOWN.get(token);
        if (bot == null) {
            return new Answer(401, refusal(401, "Unauthorized"), 0);
        }
        return switch (method) {
            case "getMe" -> new Answer(200, "{\"ok\":true,\"result\":" + me(bot) + "}", 0);
            case "sendMessage" -> new Answer(200, "{\"ok\":true,\"result\":{\"message_id\":1}}", 0);
            default -> new Answer(404, refusal(404, "Not Found"), 0);
        };
    }

    private static String me(Known bot) {
        return """
                {"id":%d,"is_bot":true,"first_name":"A bot","username":"%s","can_join_groups":true,"can_read_all_group_messages":false}""".formatted(bot.id(), bot.username());
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
