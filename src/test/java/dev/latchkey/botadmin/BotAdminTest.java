package dev.latchkey.botadmin;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import dev.latchkey.api.Tables;
import dev.latchkey.bot.BotApi;
import dev.latchkey.bot.Owner;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What admins do with bots, of any tenant; what owners may then still do; and what strangers see of it. */
@QuarkusTest
@TestProfile(BotApi.class)
class BotAdminTest {

    private static final String BASE = "/api/admin/bots";
    private static final String REASON = "It sent what nobody asked for";

    private Someone admin = Api.NOBODY;

    @BeforeEach
    void logIn() {
        admin = Api.admin();
    }

    private static String of(Owner owner, String act) {
        return BASE + "/" + owner.user().id() + "/" + act;
    }

    private Response suspend(Owner owner) {
        return admin.calls().body(Map.of("reason", REASON)).patch(of(owner, "suspend"));
    }

    private Response activate(Owner owner) {
        return admin.calls().patch(of(owner, "activate"));
    }

    private static void isRefused(Response answer, int status, String code) {
        answer.then().statusCode(status).body("code", equalTo(code));
    }

    private static int number(Someone someone) {
        return someone.calls().get("/api/auth/me").path("number");
    }

    private List<String> actions(Owner owner) {
        return admin.calls()
                .get(BASE + "/actions?user_id=" + owner.user().id())
                .then()
                .statusCode(200)
                .extract()
                .path("items.action");
    }

    @Test
    void usersAreNamedByTheirNumberOrTheirUuid() {
        var owner = Owner.active();
        var number = number(owner.user());
        for (var name : List.of(
                Integer.toString(number), owner.user().id(), owner.user().id().toUpperCase())) {
            admin.calls()
                    .get(BASE + "/" + name + "/status")
                    .then()
                    .statusCode(200)
                    .body("user_id", equalTo(number))
                    .body("bot_id", equalTo(owner.bot().id()));
        }
    }

    @Test
    void anAccessShowsTheFactsAndIsOnRecord() {
        var owner = Owner.active();
        var answer = admin.calls().post(of(owner, "access"));
        answer.then()
                .statusCode(200)
                .body("keySet()", equalTo(Set.of("success", "message", "bot_info", "access_logged")))
                .body("success", equalTo(true))
                .body("access_logged", equalTo(true))
                .body("bot_info.bot_id", equalTo(owner.bot().id()))
                .body("bot_info.status", equalTo("active"));
        var secret = owner.bot().token().substring(owner.bot().token().indexOf(':') + 1);
        assertFalse(answer.asString().contains(secret), answer::asString);
        assertEquals(List.of("access"), actions(owner));
        assertEquals(
                "1",
                Tables.value("select count(*) from audit_log where tenant_id = '%s' and action = 'bot.accessed'"
                        .formatted(owner.user().tenantId())));
    }

    @Test
    void eachActIsOnRecordWithWhoDidItAndWhy() {
        var owner = Owner.active();
        var user = number(owner.user());
        admin.calls().get(of(owner, "status")).then().statusCode(200);
        suspend(owner).then().statusCode(200);
        activate(owner).then().statusCode(200);
        admin.calls()
                .body(Map.of("max_requests_per_second", 9))
                .patch(of(owner, "rate-limit"))
                .then()
                .statusCode(200);
        admin.calls().post(of(owner, "verify")).then().statusCode(200);
        var list = admin.calls().get(BASE + "/actions?user_id=" + user);
        list.then()
                .statusCode(200)
                .body("items.action", contains("verify", "rate_limit", "activate", "suspend", "status"))
                .body("items.admin_id", everyone(number(admin), 5))
                .body("items.user_id", everyone(user, 5))
                .body("items[0].details.outcome", equalTo("verified"))
                .body("items[1].details.max_requests_per_second", equalTo(9))
                .body("items[3].reason", equalTo(REASON))
                .body("items[4].reason", nullValue())
                .body("items[0].bot_id", equalTo(owner.bot().id()))
                .body("items[0].tenant_id", equalTo(owner.user().tenantId()));
        admin.calls()
                .get(BASE + "/actions?action=suspend&user_id=" + user)
                .then()
                .body("items.action", contains("suspend"));
        var first = admin.calls().get(BASE + "/actions?limit=2&user_id=" + user);
        first.then().body("items.action", contains("verify", "rate_limit"));
        admin.calls()
                .get(BASE + "/actions?limit=3&user_id=" + user + "&cursor=" + first.path("next_cursor"))
                .then()
                .body("items.action", contains("activate", "suspend", "status"))
                .body("next_cursor", nullValue());
    }

    private static Matcher<List<Integer>> everyone(int number, int times) {
        return equalTo(Collections.nCopies(times, number));
    }

    @Test
    void whatFailsLeavesNoRecordAndAVerificationThatTelegramRefusesDoes() {
        var owner = Owner.active();
        isRefused(admin.calls().body(Map.of("reason", "bad ")).patch(of(owner, "suspend")), 422, "validation_failed");
        isRefused(admin.calls().body("{}").patch(of(owner, "rate-limit")), 422, "validation_failed");
        assertEquals(List.of(), actions(owner));
        BotApi.revoke(owner.bot());
        isRefused(admin.calls().post(of(owner, "verify")), 401, "bot_token_refused");
        assertEquals(List.of("verify"), actions(owner));
        assertEquals("suspended", owner.state());
    }

    @Test
    void aSuspendedBotsOwnerMayOnlyLook() {
        var owner = Owner.active();
        suspend(owner)
                .then()
                .statusCode(200)
                .body("status", equalTo("suspended"))
                .body("suspension_reason", equalTo(REASON));
        owner.status()
                .then()
                .statusCode(200)
                .body("status", equalTo("suspended"))
                .body("suspension_reason", equalTo(REASON));
        var asked = BotApi.asked(owner.bot()).size();
        for (var refused : List.of(
                owner.verify(),
                owner.start(),
                owner.stop(),
                owner.limit(Map.of("max_requests_per_second", 1)),
                owner.remove())) {
            isRefused(refused, 403, "bot_suspended");
            refused.then().body("reason", equalTo(REASON));
        }
        isRefused(owner.create(), 409, "bot_exists");
        assertEquals(asked, BotApi.asked(owner.bot()).size(), "Telegram was asked for nothing");
        activate(owner).then().statusCode(200).body("status", equalTo("active")).body("suspension_reason", nullValue());
        owner.stop().then().statusCode(200);
        admin.calls().post(of(owner, "activate")).then().statusCode(200).body("status", equalTo("active"));
        admin.calls()
                .body(Map.of("reason", "  five5  "))
                .post(of(owner, "suspend"))
                .then()
                .body("suspension_reason", equalTo("five5"));
    }

    @Test
    void anAdminsSuspensionOutlivesWhatTelegramSays() {
        var owner = Owner.active();
        suspend(owner).then().statusCode(200);
        admin.calls().post(of(owner, "verify")).then().statusCode(200).body("is_verified", equalTo(true));
        assertEquals("suspended", owner.state());
        BotApi.revoke(owner.bot());
        isRefused(admin.calls().post(of(owner, "verify")), 401, "bot_token_refused");
        isRefused(owner.remove(), 403, "bot_suspended");
        owner.status().then().body("suspension_reason", equalTo(REASON));
        activate(owner).then().body("status", equalTo("pending"));
    }

    @Test
    void anAdminSetsLimitsUnderBothNames() {
        var owner = Owner.pending();
        admin.calls()
                .body(Map.of("max_requests_per_second", 2))
                .patch(of(owner, "rate-limit"))
                .then()
                .statusCode(200)
                .body("rate_limit_rps", equalTo(2))
                .body("max_concurrent_requests", equalTo(10));
        admin.calls()
                .body(Map.of("max_concurrent_requests", 4))
                .patch(of(owner, "rate-limits"))
                .then()
                .statusCode(200)
                .body("rate_limit_rps", equalTo(2))
                .body("max_concurrent_requests", equalTo(4));
        suspend(owner).then().statusCode(200);
        admin.calls()
                .body(Map.of("max_requests_per_second", 3))
                .patch(of(owner, "rate-limits"))
                .then()
                .statusCode(200);
    }

    @Test
    void theListIsOfAllTenantsInNumberedPages() {
        var owners = List.of(Owner.pending(), Owner.active(), Owner.active());
        var answer = admin.calls().get(BASE + "/list?page_size=2");
        answer.then()
                .statusCode(200)
                .body("keySet()", equalTo(Set.of("total", "page", "page_size", "bots")))
                .body("page", equalTo(1))
                .body("page_size", equalTo(2))
                .body(
                        "bots.bot_id",
                        contains(owners.get(2).bot().id(), owners.get(1).bot().id()));
        assertTrue(answer.<Integer>path("total") >= 3);
        admin.calls()
                .get(BASE + "/list?page_size=2&page=2")
                .then()
                .body("page", equalTo(2))
                .body("bots[0].bot_id", equalTo(owners.getFirst().bot().id()));
        admin.calls()
                .get(BASE + "/list?page=1000000&page_size=200")
                .then()
                .statusCode(200)
                .body("bots", hasSize(0));
    }

    @Test
    void theListIsSearchedByUserAndText() {
        var owner = Owner.active();
        for (var query : List.of(
                "user_id=" + number(owner.user()),
                "user_id=" + owner.user().id(),
                "q=" + owner.bot().username().toUpperCase(),
                "q=" + owner.user().username(),
                "q=" + owner.user().username() + "@EXAMPLE.test",
                "q=" + owner.user().username() + "&status_filter=active&user_id="
                        + owner.user().id())) {
            admin.calls()
                    .get(BASE + "/list?" + query)
                    .then()
                    .statusCode(200)
                    .body("total", equalTo(1))
                    .body("bots.bot_id", contains(owner.bot().id()));
        }
        for (var query : List.of(
                "user_id=999999999",
                "q=%25",
                "q=no-such-name",
                "status_filter=stopped&user_id=" + owner.user().id())) {
            admin.calls().get(BASE + "/list?" + query).then().statusCode(200).body("total", equalTo(0));
        }
    }

    @Test
    void theListAgreesWithTheStatusThatIsShown() {
        var limited = Owner.active();
        var over = Owner.active();
        Tables.change(
                "update bots set paused_until = now() + interval '1 hour' where user_id = ?::uuid",
                limited.user().id());
        Tables.change(
                "update bots set paused_until = now() - interval '1 second' where user_id = ?::uuid",
                over.user().id());
        var stopped = Owner.active();
        stopped.stop().then().statusCode(200);
        Tables.change(
                "update bots set paused_until = now() + interval '1 hour' where user_id = ?::uuid",
                stopped.user().id());
        var suspended = Owner.pending();
        suspend(suspended).then().statusCode(200);
        var all = Map.of(
                "rate_limited",
                limited,
                "active",
                over,
                "stopped",
                stopped,
                "suspended",
                suspended,
                "pending",
                Owner.pending());
        all.forEach((status, owner) -> {
            assertEquals(status, owner.state());
            all.forEach((other, someone) -> admin.calls()
                    .get(BASE + "/list?status_filter=" + status + "&user_id="
                            + someone.user().id())
                    .then()
                    .statusCode(200)
                    .body("total", equalTo(other.equals(status) ? 1 : 0)));
            admin.calls().get(of(owner, "status")).then().body("status", equalTo(status));
        });
        activate(limited).then().body("status", equalTo("rate_limited"));
    }

    @Test
    void whoIsNoAdminSeesAndDoesNothingOfIt() {
        var owner = Owner.active();
        var stranger = Api.newUser();
        isRefused(stranger.calls().get("/api/user-bot/status"), 404, "not_found");
        for (var path : List.of(BASE + "/list", BASE + "/actions", of(owner, "status"))) {
            isRefused(stranger.calls().get(path), 403, "insufficient_role");
            isRefused(owner.user().calls().get(path), 403, "insufficient_role");
        }
        // A credential of an admin is no admin.
        isRefused(Api.as(Api.newToken(admin, "admin:tenant")).get(BASE + "/list"), 403, "insufficient_role");
        isRefused(owner.user().calls().post(of(owner, "activate")), 403, "insufficient_role");
        assertEquals(List.of(), actions(owner));
    }
}
