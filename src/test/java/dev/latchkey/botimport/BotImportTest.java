package dev.latchkey.botimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of another service's bots: taken whole and once, or not at all, and sealed by our keyset at once. */
@QuarkusTest
@TestProfile(FernetKeys.class)
class BotImportTest {

    private static final String IMPORT = "/api/admin/bots/import";

    private Someone admin = Api.NOBODY;

    @BeforeEach
    void anAdmin() {
        admin = Api.newUser("admin");
    }

    private Response send(Map<String, ?> parameters, Object... lines) {
        var document = Arrays.stream(lines).map(Object::toString).collect(Collectors.joining());
        var answer = admin.calls()
                .contentType("application/x-ndjson")
                .body(document.getBytes(UTF_8))
                .queryParams(parameters)
                .post(IMPORT);
        var shown = answer.asString();
        assertFalse(FernetKeys.isIn(shown) || shown.contains(BotLine.SESSION), shown);
        assertFalse(shown.contains("gAAAA") || shown.contains(BotLine.HASH) || shown.contains(BotLine.PHONE), shown);
        for (var line : lines) {
            assertFalse(
                    line instanceof BotLine known && shown.contains(known.bot().token()), shown);
        }
        return answer;
    }

    private Response send(Object... lines) {
        return send(Map.of(), lines);
    }

    private static void assertImported(Response answer, int imported, int skipped) {
        answer.then().statusCode(200).body("imported", equalTo(imported)).body("skipped", equalTo(skipped));
    }

    private static void assertNoBot(BotLine line) {
        line.owner().status().then().statusCode(404);
    }

    private static Response call(BotLine line) {
        return line.owner().user().calls().post("/api/user-bot/call/getMe");
    }

    private static String row(BotLine line, String what) {
        return Tables.value("select " + what + " from bots where user_id = '"
                + line.owner().user().id() + "'");
    }

    private static List<String> actions(Someone user) {
        return Tables.values("select action from audit_log where tenant_id = '" + user.tenantId()
                + "' and action like 'bot.%' order by action");
    }

    @Test
    void allThatWasKnownOfABotComesOverAndItCallsTelegram() {
        var line = BotLine.fresh();
        assertImported(send(line), 1, 0);
        line.owner()
                .status()
                .then()
                .statusCode(200)
                .body("bot_username", equalTo(line.bot().username()))
                .body("bot_id", equalTo(line.bot().id()))
                .body("status", equalTo("active"))
                .body("is_verified", equalTo(true))
                .body("rate_limit_rps", equalTo(7))
                .body("max_concurrent_requests", equalTo(3))
                .body("total_requests", equalTo(4815162342L))
                .body("last_used_at", equalTo("2024-02-03T02:05:06Z"))
                .body("created_at", equalTo("2024-01-02T03:04:05.123456Z"))
                .body("suspension_reason", nullValue());
        assertEquals("12345", row(line, "telegram_api_id"));
        assertTrue(BotApi.asked(line.bot()).isEmpty(), "Telegram is not asked by an import");
        call(line).then().statusCode(200).body("result.id", equalTo(line.bot().id()));
        assertEquals(List.of("bot.created"), actions(line.owner().user()));
        assertEquals(List.of("bot.imported"), actions(admin));
    }

    @Test
    void everySecretIsSealedByOurKeysetAndStandsNowhereElse() {
        var line = BotLine.fresh();
        assertImported(send(line), 1, 0);
        // A seal is longer than its text by the same length each time, and a Fernet token by far more.
        var overhead = Integer.parseInt(row(line, "octet_length(token_sealed)"))
                - line.bot().token().length();
        for (var sealed : Map.of("api_hash", BotLine.HASH, "phone", BotLine.PHONE, "session", BotLine.SESSION)
                .entrySet()) {
            assertEquals(
                    sealed.getValue().length() + overhead,
                    Integer.parseInt(row(line, "octet_length(" + sealed.getKey() + "_sealed)")),
                    sealed.getKey());
        }
        for (var text : List.of(line.bot().token(), BotLine.HASH, BotLine.PHONE, BotLine.SESSION, "gAAAA")) {
            assertEquals(List.of(), holders(text));
        }
    }

    private static List<String> holders(String text) {
        return Tables.values("select tablename from pg_tables where schemaname = 'public'").stream()
                .filter(table -> !"0"
                        .equals(Tables.value("select count(*) from " + table + " t where position('" + text
                                + "' in t::text) > 0 or position(encode('" + text + "', 'hex') in t::text) > 0")))
                .toList();
    }

    @Test
    void whatMayBeLeftOutHasItsDefaults() {
        var line = BotLine.fresh();
        line.columns().keySet().retainAll(List.of("user", "bot_token", "status"));
        line.with("user", line.owner().user().username().toUpperCase(java.util.Locale.ROOT))
                .with("status", "pending");
        assertImported(send("\n", line), 1, 0);
        line.owner()
                .status()
                .then()
                .body("status", equalTo("pending"))
                .body("is_verified", equalTo(false))
                .body("bot_username", nullValue())
                .body("rate_limit_rps", equalTo(30))
                .body("max_concurrent_requests", equalTo(10))
                .body("total_requests", equalTo(0))
                .body("last_used_at", nullValue());
        assertEquals("0", row(line, "num_nonnulls(api_hash_sealed, phone_sealed, session_sealed)"));
    }

    @Test
    void anEmptyTextThatWasSealedIsNone() {
        var line = BotLine.fresh();
        for (var column : List.of("telegram_api_hash", "telegram_phone", "session_string")) {
            line.with(column, FernetKeys.sealed(""));
        }
        assertImported(send(line), 1, 0);
        assertEquals("0", row(line, "num_nonnulls(api_hash_sealed, phone_sealed, session_sealed)"));
    }

    @Test
    void statesAreThoseThatTheyMean() {
        assertState("active", true, "active");
        assertState("active", false, "pending");
        assertState("rate_limited", true, "active");
        assertState("rate_limited", false, "pending");
        assertState("pending", true, "pending");
        assertState("stopped", true, "stopped");
        assertState("error", true, "error");
        assertState("error", false, "error");
        assertState("suspended", true, "suspended");
    }

    private void assertState(String there, boolean isVerified, String here) {
        var line = BotLine.fresh().with("status", there).with("is_verified", isVerified);
        assertImported(send(line), 1, 0);
        assertEquals(here, line.owner().state(), there);
    }

    @Test
    void aSuspensionIsAnAdminsWithItsReason() {
        var told = BotLine.fresh().with("status", "suspended").with("suspension_reason", "Spam");
        var untold = BotLine.fresh().with("status", "suspended");
        var over = BotLine.fresh().with("suspension_reason", "Spam");
        assertImported(send(told, untold, over), 3, 0);
        told.owner().status().then().body("suspension_reason", equalTo("Spam"));
        untold.owner().status().then().body("suspension_reason", equalTo("Imported as suspended"));
        over.owner().status().then().body("suspension_reason", nullValue());
        told.owner().remove().then().statusCode(403).body("reason", equalTo("Spam"));
        call(told).then().statusCode(403).body("code", equalTo("bot_suspended"));
        assertEquals("admin", row(told, "suspended_by"));
    }

    @Test
    void anyOfTheKeysWillDoAndNoOther() {
        var line = BotLine.fresh();
        line.with("bot_token", FernetKeys.sealedByNewer(line.bot().token()));
        assertImported(send(line), 1, 0);
        var foreign = BotLine.fresh();
        wrong(foreign, "bot_token", FernetKeys.sealedByForeign(foreign.bot().token()));
        wrong("session_string", FernetKeys.sealedByForeign("x"));
    }

    @Test
    void eachColumnIsChecked() {
        for (var needed : List.of("user", "bot_token", "status")) {
            refuses(BotLine.fresh().without(needed), needed);
        }
        wrong("user", "nobody-" + Api.uniqueName(), "", "a\u0000b", "x".repeat(255), 5);
        wrong("bot_token", "", "gAAAA", 5, FernetKeys.sealed(""), FernetKeys.sealed("1:short"));
        wrong("bot_token", BotApi.newBot().token());
        wrong("bot_id", BotApi.newBot().id(), -1, "x");
        wrong("bot_username", "", "@a_bot", "x".repeat(65), "a b", 5);
        wrong("telegram_api_id", 0, -1, 2147483648L, "12", 1.5);
        wrong("telegram_api_hash", "x", FernetKeys.sealed("xyz"), FernetKeys.sealed(BotLine.HASH + "0"));
        wrong("telegram_phone", BotLine.PHONE, FernetKeys.sealed("12025550123"), FernetKeys.sealed("+0"));
        wrong("session_string", "x", FernetKeys.sealed("a b"), FernetKeys.sealed("x".repeat(8193)), List.of());
        wrong("status", "", "ACTIVE", "gone", "active|error", 5);
        wrong("is_verified", "true", 1);
        wrong("rate_limit_rps", 0, 101, "7", 1.5);
        wrong("max_concurrent_requests", 0, 51, "7");
        wrong("total_requests", -1, "x");
        wrong("suspension_reason", "", " ", "x".repeat(501), "a\u0000b", "\u202Eevil");
        for (var time : List.of("last_used_at", "created_at")) {
            wrong(time, "yesterday", "2024-13-01T00:00:00", "infinity", "", "1969-12-31T23:59:59Z", 1700000000);
        }
        wrong("id", 5);
    }

    private void wrong(String column, Object... values) {
        for (var value : values) {
            wrong(BotLine.fresh(), column, value);
        }
    }

    private void wrong(BotLine line, String column, @Nullable Object value) {
        refuses(line.with(column, value), column);
    }

    private void refuses(BotLine line, String column) {
        var good = BotLine.fresh();
        var answer = send(good, line);
        assertEquals(422, answer.statusCode(), () -> line + answer.asString());
        assertEquals(
                List.of("line 2." + column),
                answer.jsonPath().getList("errors.field", String.class),
                () -> line + answer.asString());
        assertNoBot(good);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        var line = BotLine.fresh()
                .with("user", "nobody-" + Api.uniqueName())
                .with("bot_token", "x")
                .with("telegram_phone", "x")
                .with("rate_limit_rps", 0)
                .with("created_at", "x");
        send(BotLine.fresh().with("status", "gone"), line)
                .then()
                .statusCode(422)
                .body(
                        "errors.field",
                        equalTo(List.of(
                                "line 1.status",
                                "line 2.user",
                                "line 2.bot_token",
                                "line 2.telegram_phone",
                                "line 2.rate_limit_rps",
                                "line 2.created_at")));
    }

    @Test
    void anOwnerAndATokenStandOnceInADocument() {
        var line = BotLine.fresh();
        var sameOwner = BotLine.of(new Owner(line.owner().user(), BotApi.newBot()))
                .with("user", line.owner().user().username());
        send(line, sameOwner).then().statusCode(422).body("errors.field", equalTo(List.of("line 2.user")));
        var sameToken = BotLine.of(new Owner(Api.newUser(), line.bot()));
        send(line, sameToken).then().statusCode(422).body("errors.field", equalTo(List.of("line 2.bot_token")));
        assertNoBot(line);
    }

    @Test
    void aDryRunStoresNothingAndWhatIsHereAlreadyIsLeftAlone() {
        var first = BotLine.fresh();
        var later = BotLine.fresh();
        send(Map.of("dry_run", true), first)
                .then()
                .statusCode(200)
                .body("imported", equalTo(1))
                .body("dry_run", equalTo(true));
        assertNoBot(first);
        assertEquals(List.of(), actions(admin));
        assertImported(send(first), 1, 0);
        // Sealed once more it is another text of the same token.
        first.with("bot_token", FernetKeys.sealedByNewer(first.bot().token())).with("status", "suspended");
        assertImported(send(first, later), 1, 1);
        assertImported(send(first, later), 0, 2);
        assertEquals("active", first.owner().state());
        assertEquals(List.of("bot.imported", "bot.imported"), actions(admin));
    }

    @Test
    void whatConflictsWithABotThatIsHereIsNamedAndNothingIsStored() {
        var here = Owner.pending();
        var good = BotLine.fresh();
        var otherBot = BotLine.of(new Owner(here.user(), BotApi.newBot()));
        var otherUser = BotLine.of(new Owner(Api.newUser(), here.bot()));
        send(good, otherBot, otherUser)
                .then()
                .statusCode(409)
                .body("code", equalTo("conflict"))
                .body("errors.field", equalTo(List.of("line 2.user", "line 3.bot_token")));
        send(Map.of("dry_run", true), otherUser).then().statusCode(409);
        assertNoBot(good);
        assertNoBot(otherUser);
        assertEquals("pending", here.state());
        assertImported(send(BotLine.of(here)), 0, 1);
    }

    @Test
    void whatIsNoDocumentOfBotsIsRefused() {
        var good = BotLine.fresh();
        for (var line : List.of("null", "{", "[]", "5", "\"x\"", "{} {}", "\u0000")) {
            send(good, line).then().statusCode(422).body("errors.field", hasItem(containsString("line 2")));
        }
        for (var document : List.of("", "\n\n", good.toString().repeat(501))) {
            send(document).then().statusCode(422);
        }
        send("{}\n".repeat(500)).then().statusCode(422).body("errors", hasSize(100));
        admin.calls().body("{}").post(IMPORT).then().statusCode(415);
        assertNoBot(good);
    }

    @Test
    void onlyAnAdminImports() {
        var line = BotLine.fresh();
        admin = Api.newUser();
        send(line).then().statusCode(403).body("code", equalTo("insufficient_role"));
        assertNoBot(line);
    }
}
