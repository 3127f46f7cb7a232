package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.latchkey.api.Api.Someone;
import dev.latchkey.bot.BotApi;
import dev.latchkey.bot.Owner;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the calls on bots refuse, field by field. */
@QuarkusTest
@TestProfile(BotApi.class)
class BadBotInputTest {

    private static final String OWN = "/api/user-bot";
    private static final String ADMIN = "/api/admin/bots";
    private static final String SECRET = "canary_canary-canary_canary-canary_";

    private static final String LIMITS = """
            max_requests_per_second | 0            | 422 | max_requests_per_second
            max_requests_per_second | -1           | 422 | max_requests_per_second
            max_requests_per_second | 101          | 422 | max_requests_per_second
            max_requests_per_second | "30"         | 400 | max_requests_per_second
            max_requests_per_second | 1.5          | 400 | max_requests_per_second
            max_requests_per_second | 99999999999  | 422 | max_requests_per_second
            max_requests_per_second | []           | 400 | max_requests_per_second
            max_requests_per_second | true         | 400 | max_requests_per_second
            max_concurrent_requests | 0            | 422 | max_concurrent_requests
            max_concurrent_requests | 51           | 422 | max_concurrent_requests
            max_concurrent_requests | "10"         | 400 | max_concurrent_requests
            max_concurrent_requests | {}           | 400 | max_concurrent_requests
            rate_limit_rps          | 5            | 400 | rate_limit_rps
            status                  | "active"     | 400 | status
            """;

    // Connections that other tests left are looked after meanwhile, which writes.
    @BeforeAll
    static void letNoConnectionBeDue() {
        Tables.change("update oauth_grants set due_at = null, lease_owner = null, lease_until = null");
    }

    @Test
    void creationRefusesWhateverIsNoBotTokenAndNeverRepeatsIt() {
        var user = Api.newUser();
        for (var text : List.of(
                "",
                " ",
                SECRET,
                "123:" + SECRET + "x",
                "123:" + SECRET.substring(1),
                " 123:" + SECRET,
                "123:" + SECRET + " ",
                "123:" + SECRET + "\n",
                "123:" + SECRET.substring(1) + "\u0000",
                "123: " + SECRET.substring(1),
                "123;" + SECRET,
                "0:" + SECRET,
                "0123:" + SECRET,
                "-123:" + SECRET,
                "+123:" + SECRET,
                "12a:" + SECRET,
                "١٢٣:" + SECRET,
                "9".repeat(20) + ":" + SECRET,
                "9".repeat(21) + ":" + SECRET,
                ":" + SECRET,
                "bot123:" + SECRET,
                "123:" + SECRET.substring(1) + "ü",
                "123:" + SECRET.substring(1) + "/",
                "123:../" + SECRET.substring(3),
                "123:" + SECRET + "/getMe?x=",
                "https://api.telegram.org/bot123:" + SECRET + "/getMe",
                "xoxb-123-" + SECRET,
                "ghp_" + SECRET,
                "lk_live_" + SECRET,
                "eyJhbGciOiJub25lIn0.e30." + SECRET,
                "123:" + SECRET + ",456:" + SECRET,
                "x".repeat(10_000))) {
            var answer = user.calls().body(Map.of("bot_token", text)).post(OWN + "/create");
            var what = text.length() > 60 ? text.substring(0, 60) : text;
            Refusals.problem(what, answer, 400, "malformed_bot_token");
            assertFalse(answer.asString().contains("canary"), answer::asString);
        }
        Refusals.problem("none", user.calls().get(OWN + "/status"), 404, "not_found");
    }

    @Test
    void creationRefusesEachOtherBadField() {
        var bot = BotApi.newBot();
        new Refusals("POST", OWN + "/create", Api.newUser()::calls)
                .ofFields(Map.of("bot_token", '"' + bot.token() + '"'), """
                bot_token         | (missing)                             | 422 | bot_token
                bot_token         | null                                  | 422 | bot_token
                bot_token         | 5                                     | 400 | bot_token
                bot_token         | ["a"]                                 | 400 | bot_token
                bot_token         | {}                                    | 400 | bot_token
                telegram_api_id   | 0                                     | 422 | telegram_api_id
                telegram_api_id   | -1                                    | 422 | telegram_api_id
                telegram_api_id   | 2147483648                            | 422 | telegram_api_id
                telegram_api_id   | "1"                                   | 400 | telegram_api_id
                telegram_api_id   | 1.5                                   | 400 | telegram_api_id
                telegram_api_hash | ""                                    | 422 | telegram_api_hash
                telegram_api_hash | 5                                     | 400 | telegram_api_hash
                telegram_api_hash | "<31a>"                               | 422 | telegram_api_hash
                telegram_api_hash | "<33a>"                               | 422 | telegram_api_hash
                telegram_api_hash | "<32g>"                               | 422 | telegram_api_hash
                telegram_api_hash | "<32a>\\n"                            | 422 | telegram_api_hash
                telegram_phone    | ""                                    | 422 | telegram_phone
                telegram_phone    | 12025550123                           | 400 | telegram_phone
                telegram_phone    | "12025550123"                         | 422 | telegram_phone
                telegram_phone    | "+02025550123"                        | 422 | telegram_phone
                telegram_phone    | "+1 202 555 0123"                     | 422 | telegram_phone
                telegram_phone    | "+<16 1>"                             | 422 | telegram_phone
                telegram_phone    | "+123456"                             | 422 | telegram_phone
                telegram_phone    | "+12025550123\\n"                     | 422 | telegram_phone
                user_id           | 1                                     | 400 | user_id
                is_verified       | true                                  | 400 | is_verified
                telegram_session  | "x"                                   | 400 | telegram_session
                """ + LIMITS);
        assertEquals(List.of(), BotApi.asked(bot), "Telegram was asked for nothing");
    }

    @Test
    void limitsRefuseEachBadFieldAndNothingAtAll() {
        var owner = Owner.pending();
        for (var method : List.of("PATCH", "PUT")) {
            var refusals = new Refusals(method, OWN + "/rate-limits", owner.user()::calls);
            refusals.ofFields(Map.of(), LIMITS);
            refusals.ofBodies("""
                    nothing      | {}                                                                 | 422 | max_requests_per_second
                    nulls        | {"max_requests_per_second":null,"max_concurrent_requests":null}    | 422 | max_requests_per_second
                    no object    | []                                                                 | 400 |
                    no JSON      | {                                                                  | 400 |
                    """);
        }
        var admin = Api.admin();
        for (var path : List.of("/rate-limit", "/rate-limits")) {
            new Refusals("PATCH", ADMIN + "/" + owner.user().id() + path, admin::calls).ofFields(Map.of(), LIMITS);
        }
    }

    @Test
    void verificationRefusesEachBadField() {
        var owner = Owner.pending();
        var asked = BotApi.asked(owner.bot()).size();
        var admin = Api.admin();
        var wrong = """
                send_test_message | "true"             | 400 | send_test_message
                send_test_message | 1                  | 400 | send_test_message
                send_test_message | []                 | 400 | send_test_message
                test_chat_id      | (missing)          | 422 | test_chat_id
                test_chat_id      | null               | 422 | test_chat_id
                test_chat_id      | ""                 | 422 | test_chat_id
                test_chat_id      | "@"                | 422 | test_chat_id
                test_chat_id      | "name"             | 422 | test_chat_id
                test_chat_id      | "@a b"             | 422 | test_chat_id
                test_chat_id      | "@a\\n"            | 422 | test_chat_id
                test_chat_id      | "@<64a>"           | 422 | test_chat_id
                test_chat_id      | "1.5"              | 422 | test_chat_id
                test_chat_id      | 1.5                | 400 | test_chat_id
                test_chat_id      | true               | 400 | test_chat_id
                test_chat_id      | []                 | 400 | test_chat_id
                test_chat_id      | {"value":1}        | 400 | test_chat_id
                test_chat_id      | <30 9>             | 400 | test_chat_id
                test_message      | ""                 | 422 | test_message
                test_message      | "  "               | 422 | test_message
                test_message      | 5                  | 400 | test_message
                test_message      | "<4097a>"          | 422 | test_message
                test_message      | "a\\u0000"         | 422 | test_message
                test_message      | "a\\ud800"         | 422 | test_message
                bot_token         | "x"                | 400 | bot_token
                """;
        var valid = Map.of("send_test_message", "true", "test_chat_id", "1");
        new Refusals("POST", OWN + "/verify", owner.user()::calls).ofFields(valid, wrong);
        new Refusals("POST", ADMIN + "/" + owner.user().id() + "/verify", admin::calls).ofFields(valid, wrong);
        assertEquals(asked, BotApi.asked(owner.bot()).size(), "Telegram was asked for nothing");
    }

    @Test
    void aUserWithoutABotFindsNoneOnAnyWay() {
        var owner = Owner.withoutBot();
        for (var answer : List.of(
                owner.status(),
                owner.verify(),
                owner.limit(Map.of("max_requests_per_second", 1)),
                owner.user().calls().body(Map.of("max_requests_per_second", 1)).put(OWN + "/rate-limits"),
                owner.remove(),
                owner.start(),
                owner.stop())) {
            Refusals.problem("no bot", answer, 404, "not_found");
        }
        eachAdminWay(Api.admin(), owner.user().id());
    }

    @Test
    void adminsFindNoBotOfWhoDoesNotExist() {
        var admin = Api.admin();
        var before = Tables.contents();
        for (var name : List.of(
                "0",
                "-1",
                "999999999",
                "99999999999999999999999",
                "abc",
                "1.0",
                "%20",
                "1%00",
                "%F0%9F%94%91",
                "'%20or%201=1--",
                "01a1fe76-6e84-7000-8bbf-f2ff4c7a6546",
                "01a1fe76-6e84-7000-8bbf-f2ff4c7a654")) {
            eachAdminWay(admin, name);
        }
        assertEquals(before, Tables.contents(), "a refused call wrote something");
    }

    private static void eachAdminWay(Someone admin, String name) {
        var path = ADMIN + "/" + name + "/";
        var reason = Map.of("reason", "long enough");
        var limits = Map.of("max_requests_per_second", 1);
        List<Response> answers = List.of(
                admin.calls().urlEncodingEnabled(false).get(path + "status"),
                admin.calls().urlEncodingEnabled(false).post(path + "access"),
                admin.calls().urlEncodingEnabled(false).post(path + "verify"),
                admin.calls().urlEncodingEnabled(false).patch(path + "activate"),
                admin.calls().urlEncodingEnabled(false).post(path + "activate"),
                admin.calls().urlEncodingEnabled(false).body(reason).patch(path + "suspend"),
                admin.calls().urlEncodingEnabled(false).body(reason).post(path + "suspend"),
                admin.calls().urlEncodingEnabled(false).body(limits).patch(path + "rate-limit"),
                admin.calls().urlEncodingEnabled(false).body(limits).patch(path + "rate-limits"));
        answers.forEach(answer -> Refusals.problem(path, answer, 404, "not_found"));
    }

    @Test
    void suspensionRefusesEachBadReason() {
        var owner = Owner.active();
        var admin = Api.admin();
        for (var method : List.of("PATCH", "POST")) {
            new Refusals(method, ADMIN + "/" + owner.user().id() + "/suspend", admin::calls).ofFields(Map.of(), """
                    reason | (missing)               | 422 | reason
                    reason | null                    | 422 | reason
                    reason | 55555                   | 400 | reason
                    reason | ["abcde"]               | 400 | reason
                    reason | ""                      | 422 | reason
                    reason | "abcd"                  | 422 | reason
                    reason | "   abcd   "            | 422 | reason
                    reason | "       "               | 422 | reason
                    reason | "abcde\\u0000"          | 422 | reason
                    reason | "abc\\ndef"             | 422 | reason
                    reason | "abcde\\ud800"          | 422 | reason
                    reason | "\\u202eabcdef"         | 422 | reason
                    reason | "<501a>"                | 422 | reason
                    """);
        }
        assertEquals("active", owner.state());
    }

    @Test
    void listsRefuseBadParameters() {
        var admin = Api.admin();
        new Refusals("GET", ADMIN + "/list", admin::calls).ofParameters("""
                page          | 0            | 422 | page
                page          | -1           | 422 | page
                page          | one          | 422 | page
                page          | 1000001      | 422 | page
                page          | 99999999999  | 422 | page
                page_size     | 0            | 422 | page_size
                page_size     | 201          | 422 | page_size
                page_size     | 1.5          | 422 | page_size
                status_filter | ACTIVE       | 422 | status_filter
                status_filter | gone         | 422 | status_filter
                status_filter | %00          | 422 | status_filter
                user_id       | abc          | 422 | user_id
                user_id       | -1           | 422 | user_id
                user_id       | %00          | 422 | user_id
                q             | %00          | 422 | q
                q             | %20          | 422 | q
                q             | <101a>       | 422 | q
                """);
        new Refusals("GET", ADMIN + "/actions", admin::calls).ofParameters("""
                limit         | 0            | 422 | limit
                limit         | 201          | 422 | limit
                cursor        | nonsense     | 422 | cursor
                action        | SUSPEND      | 422 | action
                action        | list         | 422 | action
                user_id       | abc          | 422 | user_id
                """);
    }
}
