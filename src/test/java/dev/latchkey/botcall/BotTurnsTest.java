package dev.latchkey.botcall;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.bot.BotApi;
import dev.latchkey.bot.Owner;
import dev.latchkey.telegram.TelegramFaults;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is true when a call's turn comes counts. */
@QuarkusTest
@TestProfile(BotApi.class)
class BotTurnsTest {

    private static final String CALL = "/api/user-bot/call/";

    @Inject
    LiveBots live;

    @Inject
    MeterRegistry metrics;

    private static Response message(Owner owner, String chat) {
        return owner.user()
                .calls()
                .body(Map.of("chat_id", chat, "text", "hello"))
                .post(CALL + "sendMessage");
    }

    private static List<String> sent(Owner owner) {
        return BotApi.asked(owner.bot()).stream()
                .filter(asked -> asked.method().equals("sendMessage"))
                .map(TelegramFaults.Call::text)
                .toList();
    }

    private double held() {
        return metrics.get("latchkey_governor_held_bytes").gauge().value();
    }

    private double liveBots() {
        return metrics.get("latchkey_live_bots").gauge().value();
    }

    @Test
    void whoeverWaitsWhenTheBotIsStoppedIsNotSent() {
        var owner = Owner.active();
        message(owner, "9").then().statusCode(200);
        BotApi.answer(owner.bot(), "sendMessage", TelegramFaults.tooMany(3));
        var waiting = CompletableFuture.supplyAsync(() -> message(owner, "9"));
        Eventually.within(10, () -> assertEquals(2, sent(owner).size()));
        Eventually.within(2, () -> assertTrue(held() > 0, "nobody waits"));
        owner.stop().then().statusCode(200);
        waiting.join().then().statusCode(409).body("code", equalTo("bot_stopped"));
        assertEquals(2, sent(owner).size());
    }

    @Test
    void whoGoesAwayWhileTheCallWaitsIsNotSentFor() throws Exception {
        var owner = Owner.active();
        message(owner, "9").then().statusCode(200);
        var body = "{\"chat_id\":9,\"text\":\"from one who has gone\"}";
        try (var socket = new Socket("127.0.0.1", RestAssured.port)) {
            var request = "POST " + CALL + "sendMessage HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + owner.user().accessToken() + "\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            Eventually.within(5, () -> assertTrue(held() > 0, "nobody waits"));
        }
        Eventually.within(10, () -> assertEquals(0, held()));
        message(owner, "9").then().statusCode(200);
        assertEquals(
                List.of(),
                sent(owner).stream().filter(text -> text.contains("gone")).toList());
    }

    @Test
    void whatTelegramWantsToPausePausesAlsoForWhoIsRemovedAndKeptAgain() {
        var owner = Owner.active();
        BotApi.answer(owner.bot(), "sendMessage", TelegramFaults.tooMany(60));
        message(owner, "9").then().statusCode(429);
        owner.remove().then().statusCode(200);
        owner.create().then().statusCode(201);
        owner.verify().then().statusCode(200);
        message(owner, "9").then().statusCode(429);
        assertEquals(1, sent(owner).size());
        message(owner, "10").then().statusCode(429);
        assertEquals(2, sent(owner).size());
    }

    @Test
    void aBotThatMayCallNothingSendsNoTestMessageEither() {
        var owner = Owner.active();
        owner.stop().then().statusCode(200);
        owner.verify(Map.of("send_test_message", true, "test_chat_id", 7))
                .then()
                .statusCode(200)
                .body("success", equalTo(false))
                .body("is_verified", equalTo(true))
                .body("message", containsString("stopped"));
        assertEquals(List.of(), sent(owner));
    }

    @Test
    void methodsAreCountedAsTheBotApiWritesThem() {
        var owner = Owner.active();
        for (var name : List.of("getMe", "GETME", "getme", "inventedByWhoCalls", "inventedToo")) {
            owner.user().calls().body("{}").post(CALL + name);
        }
        Eventually.within(10, () -> owner.user()
                .calls()
                .get("/api/user-bot/stats")
                .then()
                .body("calls", equalTo(5))
                .body("by_method.method", equalTo(List.of("getMe", "unknown"))));
    }

    @Test
    void whatIsTooLargeIsNotPassedOn() {
        var owner = Owner.active();
        RestAssured.given()
                .header("Authorization", "Bearer " + owner.user().accessToken())
                .multiPart("chat_id", "7")
                .multiPart("document", "a.bin", new byte[1_100_000])
                .post(CALL + "sendDocument")
                .then()
                .statusCode(413)
                .body("code", equalTo("payload_too_large"));
        assertTrue(BotApi.asked(owner.bot()).stream()
                .noneMatch(asked -> asked.method().equals("sendDocument")));
    }

    @Test
    void theTokenOfABotThatMayCallNothingLeavesMemorySoon() {
        live.cleanUp().await().atMost(Duration.ofSeconds(5));
        var before = liveBots();
        var owner = Owner.active();
        message(owner, "9").then().statusCode(200);
        live.cleanUp().await().atMost(Duration.ofSeconds(5));
        assertEquals(before + 1, liveBots());
        owner.stop().then().statusCode(200);
        live.cleanUp().await().atMost(Duration.ofSeconds(5));
        assertEquals(before, liveBots());
    }
}
