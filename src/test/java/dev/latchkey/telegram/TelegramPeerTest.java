package dev.latchkey.telegram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.telegram.TelegramAnswer.Done;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Why;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What others take for the Bot API understands our calls, and we its answers. */
class TelegramPeerTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final BotToken TOKEN =
            BotToken.parse("666:AAF-aB_cDeFgHiJkLmNoPqRsTuVwXyZ0123").orElseThrow();

    private static Telegram telegram;

    @BeforeAll
    static void start() {
        telegram = new Telegram(VERTX, TelegramFaults.config(TelegramTestApi.url(), Duration.ofSeconds(20)));
    }

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void saysWhichBotItIs() throws Exception {
        var bot = done(TelegramCall.of("getMe"));
        assertEquals(666, bot.path("id").asLong());
        assertEquals("TestNameBot", bot.path("username").asText());
    }

    @Test
    void sendsAMessage() throws Exception {
        var sent = done(TelegramCall.json("sendMessage", Map.of("chat_id", 12, "text", "H\u00e4llo \"you\"")));
        assertEquals(12, sent.path("chat").path("id").asLong());
        assertEquals("H\u00e4llo \"you\"", sent.path("text").asText());
        assertTrue(sent.path("message_id").asLong() > 0);
    }

    @Test
    void setsAndDeletesAWebhook() throws Exception {
        assertTrue(done(TelegramCall.json("setWebhook", Map.of("url", "http://127.0.0.1:9/hook")))
                .isNull());
        assertTrue(done(TelegramCall.of("deleteWebhook")).asBoolean());
    }

    /** It answers 500 without {@code ok}, as the Bot API never does. */
    @Test
    void whatItDoesNotKnowIsUnreadable() throws Exception {
        assertEquals(new Failed(Why.UNREADABLE, true), call(TelegramCall.of("getWebhookInfo")));
    }

    private static JsonNode done(TelegramCall call) throws Exception {
        return assertInstanceOf(Done.class, call(call)).result();
    }

    private static TelegramAnswer call(TelegramCall call) throws Exception {
        return telegram.call(TOKEN, call, () -> true)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }
}
