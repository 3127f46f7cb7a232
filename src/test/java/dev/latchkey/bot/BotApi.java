package dev.latchkey.bot;

import dev.latchkey.telegram.TelegramFaults;
import dev.latchkey.telegram.TelegramFaults.Answer;
import dev.latchkey.telegram.TelegramFaults.Call;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A Bot API that knows the tokens that it gave, and answers of each what a test says. As a profile, it is the one that the service calls. */
public final class BotApi implements QuarkusTestProfile {

    /** A bot that Telegram knows. */
    public record Known(long id, String token, String username) {}

    private static final AtomicLong IDS = new AtomicLong(System.nanoTime() % 1_000_000_000_000L + 1);
    private static final Map<String, Known> KNOWN = new ConcurrentHashMap<>();
    private static final Map<String, Answer> SPECIAL = new ConcurrentHashMap<>();
    private static final TelegramFaults SERVER = start();

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("latchkey.telegram.url", url(), "latchkey.telegram.timeout", "2s");
    }

    public static String url() {
        return SERVER.uri().toString();
    }

    /** A bot that Telegram has just made. */
    public static Known newBot() {
        var known = unknownBot();
        restore(known);
        return known;
    }

    /** A bot with a token that Telegram never gave. */
    public static Known unknownBot() {
        var id = IDS.incrementAndGet();
        return new Known(id, id + ":" + "%035d".formatted(id).replace('0', 'k'), "a" + id + "_bot");
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
    public static void answer(Known bot, String method, Answer answer) {
        SPECIAL.put(bot.token() + method, answer);
    }

    /** Answers late. */
    public static void delay(Known bot, String method, Duration pause) {
        answer(bot, method, TelegramFaults.after(pause, usual(bot.token(), method)));
    }

    /** Answers as it should again. */
    public static void mend(Known bot, String method) {
        SPECIAL.remove(bot.token() + method);
    }

    public static List<Call> asked(Known bot) {
        return SERVER.calls().stream()
                .filter(call -> call.token().equals(bot.token()))
                .toList();
    }

    private static TelegramFaults start() {
        try {
            var server = new TelegramFaults();
            server.answers(BotApi::answerTo);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer answerTo(Call call) {
        return SPECIAL.getOrDefault(call.token() + call.method(), usual(call.token(), call.method()));
    }

    private static Answer usual(String token, String method) {
        var bot = KNOWN.get(token);
        if (bot == null) {
            return TelegramFaults.refused(401, "Unauthorized");
        }
        return switch (method) {
            case "getMe" -> TelegramFaults.ok(me(bot));
            case "sendMessage" -> TelegramFaults.ok("{\"message_id\":1}");
            default -> TelegramFaults.refused(404, "Not Found");
        };
    }

    private static String me(Known bot) {
        return """
                {"id":%d,"is_bot":true,"first_name":"A bot","username":"%s","can_join_groups":true,"can_read_all_group_messages":false}""".formatted(bot.id(), bot.username());
    }
}
