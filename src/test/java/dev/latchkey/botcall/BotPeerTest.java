package dev.latchkey.botcall;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;

import dev.latchkey.api.Api;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.telegram.TelegramTestApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From the first token to a chat, with what others take for the Bot API. */
@QuarkusTest
@TestProfile(BotPeerTest.Peer.class)
class BotPeerTest {

    private static final String BASE = "/api/user-bot/";
    // The only one that it knows, by any token.
    private static final long BOT = 666;

    public static final class Peer implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("latchkey.telegram.url", TelegramTestApi.url().toString());
        }
    }

    @Test
    void aBotIsKeptVerifiedAndTalksToAChat() {
        var owner = Api.newUser();
        var token = BOT + ":" + RandomText.base62(35);
        owner.calls()
                .body(Map.of("bot_token", token))
                .post(BASE + "create")
                .then()
                .statusCode(201)
                .body("bot_id", equalTo((int) BOT))
                .body("bot_username", equalTo("TestNameBot"))
                .body("requires_verification", equalTo(true));
        owner.calls()
                .body(Map.of("send_test_message", true, "test_chat_id", 12, "test_message", "It works"))
                .post(BASE + "verify")
                .then()
                .statusCode(200)
                .body("success", equalTo(true))
                .body("bot_info.username", equalTo("TestNameBot"));
        var machine = Api.as(Api.newToken(owner, "call:bots"));
        machine.body(Map.of("chat_id", 13, "text", "H\u00e4llo \"you\""))
                .post(BASE + "call/sendMessage")
                .then()
                .statusCode(200)
                .body("ok", equalTo(true))
                .body("result.text", equalTo("H\u00e4llo \"you\""))
                .body("result.message_id", greaterThan(0));
        // As the person whom it talks to sees it.
        RestAssured.given()
                .contentType("application/json")
                .body(Map.of("token", token))
                .post(TelegramTestApi.url() + "/getUpdatesHistory")
                .then()
                .statusCode(200)
                .body("result.message.text", hasItem("It works"))
                .body("result.message.text", hasItem("H\u00e4llo \"you\""));
    }
}
