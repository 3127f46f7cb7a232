package dev.latchkey.bot;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Eventually;
import dev.latchkey.api.Tables;
import dev.latchkey.telegram.TelegramFaults;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What owners do with their bots. */
@QuarkusTest
@TestProfile(BotApi.class)
class BotTest {

    private static void isRefused(Response answer, int status, String code) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code))
                .body("detail", not(equalTo("")));
    }

    private static List<String> acts(Owner owner) {
        return Tables.values(
                "select action from audit_log where tenant_id = '%s' and subject_kind = 'bot' order by at, id"
                        .formatted(owner.user().tenantId()));
    }

    @Test
    void aBotIsKeptAndShownWithExactlyTheFieldsOfTheContract() {
        var owner = Owner.withoutBot();
        var created = owner.create();
        created.then()
                .statusCode(201)
                .body("keySet()", equalTo(Set.of("id", "status", "bot_username", "bot_id", "requires_verification")))
                .body("status", equalTo("pending"))
                .body("bot_username", equalTo(owner.bot().username()))
                .body("bot_id", equalTo(owner.bot().id()))
                .body("requires_verification", equalTo(true));
        var shown = owner.status();
        assertEquals(
                new TreeSet<>(Set.of(
                        "id",
                        "user_id",
                        "bot_username",
                        "bot_id",
                        "status",
                        "is_verified",
                        "rate_limit_rps",
                        "max_concurrent_requests",
                        "total_requests",
                        "last_used_at",
                        "created_at",
                        "updated_at",
                        "suspension_reason")),
                new TreeSet<>(shown.<Map<String, Object>>path("").keySet()));
        shown.then()
                .statusCode(200)
                .body("id", equalTo(created.path("id")))
                .body("user_id", equalTo(number(owner)))
                .body("status", equalTo("pending"))
                .body("is_verified", equalTo(false))
                .body("rate_limit_rps", equalTo(30))
                .body("max_concurrent_requests", equalTo(10))
                .body("total_requests", equalTo(0))
                .body("last_used_at", nullValue())
                .body("suspension_reason", nullValue());
        assertTrue(Duration.between(Instant.parse(shown.path("created_at")), Instant.now())
                        .compareTo(Duration.ofMinutes(1))
                < 0);
        assertEquals(List.of("bot.created"), acts(owner));
    }

    private static int number(Owner owner) {
        return owner.user().calls().get("/api/auth/me").path("number");
    }

    @Test
    void whatIsSecretOfABotStandsNowhere() {
        var owner = Owner.withoutBot();
        var hash = "0123456789abcdef0123456789ABCDEF";
        var phone = "+120255501" + owner.bot().id() % 100_000;
        owner.create(Map.of(
                        "telegram_api_id", 12345,
                        "telegram_api_hash", hash,
                        "telegram_phone", phone,
                        "max_requests_per_second", 100,
                        "max_concurrent_requests", 1))
                .then()
                .statusCode(201);
        owner.verify().then().statusCode(200);
        assertEquals(
                "t t t 12345 100 1",
                Tables.value(
                        "select concat_ws(' ', token_sealed is not null, api_hash_sealed is not null, phone_sealed is not null, telegram_api_id, rate_limit_rps, max_concurrent_requests) from bots where bot_id = "
                                + owner.bot().id()));
        var secret = owner.bot().token().substring(owner.bot().token().indexOf(':') + 1);
        var everything = Tables.everything() + owner.status().asString();
        for (var text : List.of(secret, hash, phone)) {
            assertFalse(everything.contains(text), text);
        }
    }

    @Test
    void whatAsksTelegramAboutABotWaitsForItsTurnAsItsCallsDo() {
        var owner = Owner.withoutBot();
        var slowly = Map.of("max_requests_per_second", 1);
        BotApi.answer(owner.bot(), "getMe", TelegramFaults.refused(500, "Internal Server Error"));
        isRefused(owner.create(slowly), 503, "telegram_unavailable");
        BotApi.mend(owner.bot(), "getMe");
        owner.create(slowly).then().statusCode(201);
        owner.verify().then().statusCode(200);
        owner.verify(Map.of("send_test_message", true, "test_chat_id", 7))
                .then()
                .statusCode(200);
        var asked = BotApi.asked(owner.bot());
        assertEquals(
                List.of("getMe", "getMe", "getMe", "getMe", "sendMessage"),
                asked.stream().map(TelegramFaults.Call::method).toList());
        // The first call of a bot that is kept is the first one of its own; 900 ms and not 1060, as they take their
        // time to
        // Telegram.
        for (var i : List.of(1, 3, 4)) {
            var apart = asked.get(i).arrivedNanos() - asked.get(i - 1).arrivedNanos();
            assertTrue(apart > 900_000_000L, "call " + i + " came after " + apart + " ns");
        }
    }

    @Test
    void aTokenThatTelegramWantsAPauseOfIsNotAskedAboutBeforeIt() {
        var owner = Owner.withoutBot();
        BotApi.answer(owner.bot(), "getMe", TelegramFaults.tooMany(60));
        isRefused(owner.create(), 503, "telegram_unavailable");
        isRefused(owner.create(), 429, "rate_limited");
        assertEquals(1, BotApi.asked(owner.bot()).size());
    }

    @Test
    void whatIsNoBotTokenIsNotSentAnywhereNorSaidAgain() {
        var user = Owner.withoutBot();
        var pasted = "https://api.telegram.org/bot" + user.bot().token() + "/getMe";
        var answer = user.create(Map.of("bot_token", pasted));
        isRefused(answer, 400, "malformed_bot_token");
        assertFalse(answer.asString().contains(user.bot().token().substring(20)), answer::asString);
        var asName = user.create(Map.of(user.bot().token(), 1));
        isRefused(asName, 400, "invalid_request");
        assertFalse(asName.asString().contains(user.bot().token().substring(20)), asName::asString);
        var inPath = user.user().calls().post("/api/user-bot/call/" + user.bot().token());
        isRefused(inPath, 404, "not_found");
        assertFalse(inPath.asString().contains(user.bot().token().substring(20)), inPath::asString);
        assertEquals(List.of(), BotApi.asked(user.bot()));
    }

    @Test
    void whatTelegramDoesNotKnowIsNotKept() {
        var owner = new Owner(Api.newUser(), BotApi.unknownBot());
        isRefused(owner.create(), 401, "bot_token_refused");
        isRefused(owner.status(), 404, "not_found");
        BotApi.answer(owner.bot(), "getMe", TelegramFaults.refused(404, "Not Found"));
        isRefused(owner.create(), 401, "bot_token_refused");
        // Whoever answers for a user, or for nobody, does not say that the token is good.
        for (var me : List.of(
                "{\"id\":-666,\"is_bot\":true,\"username\":\"x\"}",
                "{\"id\":" + owner.bot().id() + ",\"is_bot\":false}",
                "{}",
                "[]",
                "null")) {
            BotApi.answer(owner.bot(), "getMe", TelegramFaults.ok(me));
            isRefused(owner.create(), 401, "bot_token_refused");
        }
        assertEquals(List.of(), acts(owner));
    }

    @Test
    void whatGoesWrongWithTelegramIsToldApart() {
        var paused = Owner.withoutBot();
        BotApi.answer(paused.bot(), "getMe", TelegramFaults.tooMany(17));
        var pause = paused.create();
        isRefused(pause, 503, "telegram_unavailable");
        assertEquals("17", pause.header("Retry-After"));
        var owner = Owner.withoutBot();
        BotApi.answer(owner.bot(), "getMe", TelegramFaults.json(502, "<html>Bad Gateway</html>"));
        isRefused(owner.create(), 503, "telegram_unavailable");
        BotApi.answer(owner.bot(), "getMe", TelegramFaults.refused(500, "Internal"));
        isRefused(owner.create(), 503, "telegram_unavailable");
        BotApi.answer(owner.bot(), "getMe", TelegramFaults.refused(400, "Logged out"));
        var refused = owner.create();
        isRefused(refused, 502, "telegram_refused");
        refused.then()
                .body("telegram.error_code", equalTo(400))
                .body("telegram.description", equalTo("Logged out"))
                .body("detail", containsString("Logged out"));
        BotApi.delay(owner.bot(), "getMe", Duration.ofSeconds(4));
        isRefused(owner.create(), 504, "telegram_timeout");
        isRefused(owner.status(), 404, "not_found");
        BotApi.mend(owner.bot(), "getMe");
        owner.create().then().statusCode(201);
    }

    @Test
    void thereIsOneBotForAUserAndOneUserForAToken() {
        var owner = Owner.pending();
        isRefused(owner.create(), 409, "bot_exists");
        isRefused(new Owner(owner.user(), BotApi.newBot()).create(), 409, "bot_exists");
        var asked = BotApi.asked(owner.bot()).size();
        var other = new Owner(Api.newUser(), owner.bot());
        isRefused(other.create(), 409, "bot_token_in_use");
        assertEquals(asked, BotApi.asked(owner.bot()).size(), "Telegram was asked for nothing");
        isRefused(other.status(), 404, "not_found");
        owner.remove().then().statusCode(200);
        other.create().then().statusCode(201);
    }

    @Test
    void aVerificationTellsWhatTelegramSaysAndMakesTheBotActive() {
        var owner = Owner.pending();
        owner.verify()
                .then()
                .statusCode(200)
                .body("keySet()", equalTo(Set.of("success", "message", "bot_info", "is_verified")))
                .body("success", equalTo(true))
                .body("is_verified", equalTo(true))
                .body("bot_info.id", equalTo(owner.bot().id()))
                .body("bot_info.is_bot", equalTo(true))
                .body("bot_info.can_join_groups", equalTo(true))
                .body("bot_info.username", equalTo(owner.bot().username()));
        owner.status().then().body("status", equalTo("active")).body("is_verified", equalTo(true));
        owner.verify(Map.of("send_test_message", false)).then().statusCode(200);
        assertFalse(BotApi.asked(owner.bot()).stream()
                .anyMatch(call -> call.method().equals("sendMessage")));
        assertEquals(List.of("bot.created", "bot.verified"), acts(owner));
    }

    @Test
    void aTestMessageIsSentWhereItIsWanted() {
        var owner = Owner.pending();
        owner.verify(Map.of("send_test_message", true, "test_chat_id", -1001234567890L, "test_message", "Hello, 🔑"))
                .then()
                .statusCode(200)
                .body("success", equalTo(true));
        var sent = BotApi.asked(owner.bot()).getLast();
        assertEquals("sendMessage", sent.method());
        assertTrue(sent.text().contains("\"chat_id\":-1001234567890"), sent::text);
        assertTrue(sent.text().contains("\"text\":\"Hello, "), sent::text);
        owner.verify(Map.of("send_test_message", true, "test_chat_id", "@a_channel"))
                .then()
                .statusCode(200)
                .body("success", equalTo(true));
        assertTrue(BotApi.asked(owner.bot()).getLast().text().contains("\"chat_id\":\"@a_channel\""));
        BotApi.answer(owner.bot(), "sendMessage", TelegramFaults.refused(400, "Bad Request: chat not found"));
        owner.verify(Map.of("send_test_message", true, "test_chat_id", 1))
                .then()
                .statusCode(200)
                .body("success", equalTo(false))
                .body("is_verified", equalTo(true))
                .body("message", containsString("chat not found"));
        assertEquals("active", owner.state());
    }

    @Test
    void aTestMessageThatMakesTheWholeBotPauseSaysSo() {
        var owner = Owner.active();
        BotApi.answer(owner.bot(), "sendMessage", TelegramFaults.tooMany(60));
        owner.verify(Map.of("send_test_message", true, "test_chat_id", 1));
        assertEquals("active", owner.state());
        owner.verify(Map.of("send_test_message", true, "test_chat_id", 2))
                .then()
                .statusCode(200)
                .body("success", equalTo(false));
        // Two chats pause: it is the bot.
        assertEquals("rate_limited", owner.state());
    }

    @Test
    void aTokenThatTelegramRefusesSuspendsTheBotUntilItIsVerifiedAgain() {
        var owner = Owner.active();
        BotApi.revoke(owner.bot());
        isRefused(owner.verify(), 401, "bot_token_refused");
        owner.status()
                .then()
                .body("status", equalTo("suspended"))
                .body("is_verified", equalTo(false))
                .body("suspension_reason", containsString("Telegram"));
        isRefused(owner.start(), 403, "bot_suspended");
        owner.start().then().body("reason", notNullValue());
        isRefused(owner.stop(), 403, "bot_suspended");
        owner.limit(Map.of("max_requests_per_second", 5)).then().statusCode(200);
        BotApi.restore(owner.bot());
        owner.verify().then().statusCode(200);
        owner.status().then().body("status", equalTo("active")).body("suspension_reason", nullValue());
        BotApi.revoke(owner.bot());
        isRefused(owner.verify(), 401, "bot_token_refused");
        owner.remove().then().statusCode(200);
    }

    @Test
    void aVerificationThatFailsOtherwiseSaysSoAndTheNextOneMends() {
        var owner = Owner.active();
        BotApi.answer(owner.bot(), "getMe", TelegramFaults.refused(400, "Logged out"));
        isRefused(owner.verify(), 502, "telegram_refused");
        owner.status().then().body("status", equalTo("error")).body("is_verified", equalTo(true));
        BotApi.mend(owner.bot(), "getMe");
        owner.verify().then().statusCode(200);
        assertEquals("active", owner.state());
        assertThatActsHave(owner, "bot.verification_failed");
    }

    private static void assertThatActsHave(Owner owner, String act) {
        assertTrue(acts(owner).contains(act), () -> acts(owner).toString());
    }

    @Test
    void aPauseThatTelegramWantsIsShownAndEndsByItself() {
        var owner = Owner.active();
        BotApi.answer(owner.bot(), "getMe", TelegramFaults.tooMany(2));
        isRefused(owner.verify(), 503, "telegram_unavailable");
        assertEquals("rate_limited", owner.state());
        Eventually.within(5, () -> assertEquals("active", owner.state()));
        assertThatActsHave(owner, "bot.paused");
    }

    @Test
    void aBotIsStoppedAndStarted() {
        var owner = Owner.pending();
        isRefused(owner.start(), 409, "bot_not_verified");
        isRefused(owner.stop(), 409, "bot_not_verified");
        owner.verify().then().statusCode(200);
        owner.stop().then().statusCode(200).body("status", equalTo("stopped")).body("is_verified", equalTo(true));
        owner.stop().then().statusCode(200).body("status", equalTo("stopped"));
        owner.verify().then().statusCode(200);
        assertEquals("stopped", owner.state());
        owner.start().then().statusCode(200).body("status", equalTo("active"));
        owner.start().then().statusCode(200).body("status", equalTo("active"));
        assertEquals(List.of("bot.created", "bot.verified", "bot.stopped", "bot.started"), acts(owner));
    }

    @Test
    void limitsChangeOneByOneOrTogether() {
        var owner = Owner.pending();
        owner.limit(Map.of("max_requests_per_second", 1))
                .then()
                .statusCode(200)
                .body("rate_limit_rps", equalTo(1))
                .body("max_concurrent_requests", equalTo(10));
        owner.user()
                .calls()
                .body(Map.of("max_concurrent_requests", 50))
                .put("/api/user-bot/rate-limits")
                .then()
                .statusCode(200)
                .body("rate_limit_rps", equalTo(1))
                .body("max_concurrent_requests", equalTo(50));
        owner.limit(Map.of("max_requests_per_second", 100, "max_concurrent_requests", 2))
                .then()
                .body("rate_limit_rps", equalTo(100))
                .body("max_concurrent_requests", equalTo(2));
        assertEquals(
                List.of("bot.created", "bot.limits_changed", "bot.limits_changed", "bot.limits_changed"), acts(owner));
    }

    @Test
    void aRemovedBotLeavesNothingOfItsToken() {
        var owner = Owner.active();
        owner.remove().then().statusCode(200).body("success", equalTo(true)).body("message", notNullValue());
        isRefused(owner.status(), 404, "not_found");
        isRefused(owner.remove(), 404, "not_found");
        assertEquals(
                "0",
                Tables.value("select count(*) from bots where bot_id = "
                        + owner.bot().id()));
        owner.create().then().statusCode(201).body("status", equalTo("pending"));
    }

    @Test
    void aTokenOfTheUserActsOnTheSameBotAndOneWithoutTheScopeDoesNot() {
        var owner = Owner.active();
        Api.as(Api.newToken(owner.user(), "admin:tenant"))
                .get("/api/user-bot/status")
                .then()
                .statusCode(200)
                .body("bot_id", equalTo(owner.bot().id()));
        isRefused(
                Api.as(Api.newToken(owner.user(), "read:audits")).get("/api/user-bot/status"),
                403,
                "insufficient_scope");
    }

    @Test
    void theAuditLogTellsWhatChangedAndNoSecret() {
        var owner = Owner.active();
        owner.limit(Map.of("max_requests_per_second", 7));
        var details = Tables.values(
                "select details::text from audit_log where tenant_id = '%s' and action = 'bot.limits_changed'"
                        .formatted(owner.user().tenantId()));
        assertEquals(1, details.size());
        assertTrue(
                details.getFirst().contains("\"before\":{\"rate_limit_rps\":30}")
                        && details.getFirst().contains("\"after\":{\"rate_limit_rps\":7}"),
                details::toString);
    }
}
