package dev.latchkey.botcall;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Eventually;
import dev.latchkey.bot.BotApi;
import dev.latchkey.bot.Owner;
import dev.latchkey.telegram.TelegramFaults;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(BotApi.class)
class BotCallTest {

    private static final String CALL = "/api/user-bot/call/";

    private static Response call(Owner owner, String method, Object parameters) {
        return owner.user().calls().body(parameters).post(CALL + method);
    }

    private static Response message(Owner owner, String chat) {
        return call(owner, "sendMessage", Map.of("chat_id", chat, "text", "hello"));
    }

    private static long asked(Owner owner, String method) {
        return BotApi.asked(owner.bot()).stream()
                .filter(asked -> asked.method().equals(method))
                .count();
    }

    private static void refused(Response answer, int status, String code) {
        answer.then().statusCode(status).contentType("application/problem+json").body("code", equalTo(code));
    }

    @Test
    void aCallGoesToTelegramAsItCameAndItsAnswerComesBack() {
        var owner = Owner.active();
        var sent = "{\"chat_id\": 7,\"text\":\"h\\u00e9llo\"}";
        call(owner, "sendMessage", sent)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("ok", equalTo(true))
                .body("result.message_id", equalTo(1));
        assertEquals(sent, BotApi.asked(owner.bot()).getLast().text());
        owner.user()
                .calls()
                .post(CALL + "getMe")
                .then()
                .statusCode(200)
                .body("result.id", equalTo(owner.bot().id()));
    }

    @Test
    void aFormWithAFileGoesAsItCame() {
        var owner = Owner.active();
        var file = new byte[] {0, -1, 13, 10, 45, 45, 7};
        given().header("Authorization", "Bearer " + owner.user().accessToken())
                .multiPart("chat_id", "-7")
                .multiPart("document", "a.bin", file)
                .post(CALL + "sendMessage")
                .then()
                .statusCode(200);
        var body = BotApi.asked(owner.bot()).getLast().text();
        assertTrue(body.contains("name=\"document\"; filename=\"a.bin\""), body);
    }

    @Test
    void theTokenIsCutOutOfWhatTelegramSays() {
        var owner = Owner.active();
        var token = owner.bot().token();
        BotApi.answer(
                owner.bot(),
                "getMe",
                TelegramFaults.json(200, "{\"ok\":true,\"result\":{\"url\":\"https://x.test/bot" + token + "/\"}}"));
        var answer = call(owner, "getMe", "{}");
        answer.then().statusCode(200);
        assertFalse(answer.asString().contains(token));
        BotApi.answer(owner.bot(), "getMe", TelegramFaults.refused(400, "no " + token));
        assertFalse(call(owner, "getMe", "{}").asString().contains(token));
    }

    @Test
    void whatIsNoObjectOfParametersIsRefused() {
        var owner = Owner.active();
        for (var body : List.of(
                "[]", "[{\"chat_id\":1}]", "1", "\"x\"", "null", "{", "{\"a\":1}{\"a\":2}", "{\"a\":1,\"a\":2}")) {
            refused(call(owner, "sendMessage", body), 400, "invalid_request");
        }
        var raw = given().header("Authorization", "Bearer " + owner.user().accessToken());
        refused(raw.contentType("text/plain").body("x").post(CALL + "getMe"), 415, "unsupported_media_type");
        for (var type : List.of("multipart/form-data", "multipart/form-data; boundary=x")) {
            var answer = given().header(
                            "Authorization", "Bearer " + owner.user().accessToken())
                    .header("Content-Type", type)
                    .body("--y\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .post(CALL + "getMe");
            refused(answer, 400, "invalid_request");
        }
        assertEquals(0, asked(owner, "sendMessage"));
    }

    @Test
    void aMethodIsALetterAndLettersAndDigits() {
        var owner = Owner.active();
        for (var name : List.of(
                "..%2fgetMe", "getMe%2f", "getMe%00", "get-me", "get.me", "1a", "a".repeat(65), "get%20me", "%C3%A4")) {
            given().urlEncodingEnabled(false)
                    .header("Authorization", "Bearer " + owner.user().accessToken())
                    .contentType("application/json")
                    .post(CALL + name)
                    .then()
                    .statusCode(404)
                    .body("code", equalTo("not_found"));
        }
        given().urlEncodingEnabled(false)
                .header("Authorization", "Bearer " + owner.user().accessToken())
                .post(CALL + "../call/getMe/..")
                .then()
                .statusCode(org.hamcrest.Matchers.oneOf(404, 405));
        refused(call(owner, "noSuchMethod", "{}"), 404, "telegram_not_found");
    }

    @Test
    void onlyABotThatIsActiveCalls() {
        var owner = Owner.withoutBot();
        refused(call(owner, "getMe", "{}"), 404, "not_found");
        owner.create().then().statusCode(201);
        refused(call(owner, "getMe", "{}"), 409, "bot_not_verified");
        owner.verify();
        owner.stop();
        refused(call(owner, "getMe", "{}"), 409, "bot_stopped");
        owner.start();
        call(owner, "getMe", "{}").then().statusCode(200);
    }

    @Test
    void aCredentialCallsWithTheBotOfWhoMadeItIfItMay() {
        var owner = Owner.active();
        Api.as(Api.newToken(owner.user(), "call:bots"))
                .body("{}")
                .post(CALL + "getMe")
                .then()
                .statusCode(200);
        Api.as(Api.newToken(owner.user(), "read:*"))
                .body("{}")
                .post(CALL + "getMe")
                .then()
                .statusCode(403);
        Api.as(Api.newToken(Api.newUser(), "call:bots"))
                .body("{}")
                .post(CALL + "getMe")
                .then()
                .statusCode(404);
        refused(Api.anonymous().body("{}").post(CALL + "getMe"), 401, "not_authenticated");
    }

    @Test
    void aTokenThatTelegramRefusesSuspendsTheBot() {
        var owner = Owner.active();
        BotApi.revoke(owner.bot());
        refused(call(owner, "getMe", "{}"), 403, "bot_suspended");
        var asked = asked(owner, "getMe");
        refused(call(owner, "getMe", "{}"), 403, "bot_suspended");
        assertEquals(asked, asked(owner, "getMe"));
        owner.status()
                .then()
                .body("status", equalTo("suspended"))
                .body("suspension_reason", containsString("Unauthorized"));
    }

    @Test
    void whatTelegramRefusesIsExplained() {
        var owner = Owner.active();
        for (var refusal : Map.of(
                        400,
                        "telegram_bad_request",
                        403,
                        "telegram_forbidden",
                        409,
                        "telegram_conflict",
                        418,
                        "telegram_refused")
                .entrySet()) {
            var code = refusal.getKey();
            BotApi.answer(owner.bot(), "getChat", TelegramFaults.refused(code, "Telegram's own words"));
            var answer = call(owner, "getChat", Map.of("chat_id", 1));
            refused(answer, code == 418 ? 502 : code, refusal.getValue());
            answer.then()
                    .body("telegram.error_code", equalTo(code))
                    .body("telegram.description", equalTo("Telegram's own words"));
        }
        BotApi.answer(owner.bot(), "getChat", TelegramFaults.refused(500, "Internal Server Error"));
        refused(call(owner, "getChat", "{}"), 503, "telegram_unavailable");
    }

    @Test
    void aCallWithoutAnAnswerIsNotMadeAgain() {
        var owner = Owner.active();
        BotApi.delay(owner.bot(), "getMe", Duration.ofSeconds(4));
        var before = asked(owner, "getMe");
        var late = call(owner, "getMe", "{}");
        refused(late, 504, "telegram_timeout");
        late.then().body("may_have_been_done", equalTo(true));
        assertEquals(before + 1, asked(owner, "getMe"));
    }

    @Test
    void whatMayHaveBeenDoneSaysSoAndAsksNobodyToTryAgain() {
        var owner = Owner.active();
        for (var fault : List.of(TelegramFaults.reset(), TelegramFaults.cutOff(), TelegramFaults.garbage())) {
            BotApi.answer(owner.bot(), "sendMessage", fault);
            var broken = message(owner, "5");
            refused(broken, 503, "telegram_unavailable");
            broken.then().body("may_have_been_done", equalTo(true)).header("Retry-After", nullValue());
        }
        assertEquals(3, asked(owner, "sendMessage"));
    }

    @Test
    void aBriefPauseIsWaitedForAndTheCallMadeAgain() {
        var owner = Owner.active();
        BotApi.answer(owner.bot(), "sendMessage", TelegramFaults.tooMany(1));
        var calling = CompletableFuture.supplyAsync(() -> message(owner, "5"));
        Eventually.within(10, () -> assertEquals(1, asked(owner, "sendMessage")));
        BotApi.mend(owner.bot(), "sendMessage");
        calling.join().then().statusCode(200);
        assertEquals(2, asked(owner, "sendMessage"));
    }

    @Test
    void aLongPauseIsToldAndKept() {
        var owner = Owner.active();
        BotApi.answer(owner.bot(), "sendMessage", TelegramFaults.tooMany(60));
        for (var i = 0; i < 3; i++) {
            var answer = message(owner, "5");
            refused(answer, 429, "rate_limited");
            var seconds = Integer.parseInt(answer.header("Retry-After"));
            assertTrue(seconds > 50 && seconds <= 60, "Retry-After: " + seconds);
        }
        assertEquals(1, asked(owner, "sendMessage"));
        assertEquals("active", owner.state());
        message(owner, "6");
        // Two chats pause: it is the bot.
        assertEquals("rate_limited", owner.state());
        refused(call(owner, "getMe", "{}"), 429, "rate_limited");
        assertEquals(2, asked(owner, "sendMessage"));
    }

    @Test
    void callsAreCountedByMethodAndDay() {
        var owner = Owner.active();
        call(owner, "getMe", "{}").then().statusCode(200);
        call(owner, "getMe", "{}").then().statusCode(200);
        call(owner, "noSuchMethod", "{}");
        Eventually.within(10, () -> stats(owner).then().body("calls", equalTo(3)));
        stats(owner)
                .then()
                .statusCode(200)
                .body("errors", equalTo(1))
                .body("rate_limited", equalTo(0))
                .body("by_method.method", equalTo(List.of("getMe", "unknown")))
                .body("by_method[0].calls", equalTo(2))
                .body("by_day.size()", equalTo(1))
                .body("by_day[0].calls", equalTo(3))
                .body("max_latency_ms", notNullValue());
        owner.status().then().body("total_requests", equalTo(3)).body("last_used_at", notNullValue());
        owner.user()
                .calls()
                .get("/api/user-bot/activity")
                .then()
                .statusCode(200)
                .body("calls.method", equalTo(List.of("unknown", "getMe", "getMe")))
                .body("calls.outcome", equalTo(List.of("refused", "ok", "ok")))
                .body("calls[0].status", equalTo(404));
        var other = Owner.active();
        stats(other).then().body("calls", equalTo(0)).body("by_method.size()", equalTo(0));
        refused(stats(Owner.withoutBot()), 404, "not_found");
        refused(Api.newUser().calls().get("/api/user-bot/activity"), 404, "not_found");
    }

    private static Response stats(Owner owner) {
        return owner.user().calls().get("/api/user-bot/stats");
    }
}
