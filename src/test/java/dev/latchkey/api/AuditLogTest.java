package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What admins read of the audit log, and how others can check it. */
@QuarkusTest
class AuditLogTest {

    private static final String LOG = "/api/v1/audit-log";

    @Test
    void everyActIsOnRecordWithWhoDidItFromWhereAndWhatChanged() {
        var admin = newUser("admin");
        String id = admin.calls()
                .header("X-Request-Id", "the-request-1")
                .body(Map.of("name", "robot", "scopes", List.of("read:audits")))
                .post("/api/v1/tokens")
                .path("id");
        admin.calls()
                .body(Map.of("enabled", false, "scopes", List.of("read:reports"), "metadata", Map.of("a", 1)))
                .patch("/api/v1/tokens/" + id)
                .then()
                .statusCode(200);

        list(admin, "action", "token.*")
                .body("items", hasSize(2))
                .body("items.action", equalTo(List.of("token.updated", "token.created")))
                .body("items.position", equalTo(List.of(5, 4)))
                .body("items.actor.kind", everyItem(equalTo("session")))
                .body("items.actor.user_id", everyItem(equalTo(admin.id())))
                .body("items.actor.id", everyItem(notNullValue()))
                .body("items.subject.kind", everyItem(equalTo("token")))
                .body("items.subject.id", everyItem(equalTo(id)))
                .body("items.address", everyItem(equalTo("127.0.0.1")))
                .body("items[1].request_id", equalTo("the-request-1"))
                .body("items[1].details.after.scopes", equalTo(List.of("read:audits")))
                .body("items[0].details.before", equalTo(Map.of("enabled", true, "scopes", List.of("read:audits"))))
                .body("items[0].details.after", equalTo(Map.of("enabled", false, "scopes", List.of("read:reports"))))
                .body("items[0].details.metadata_replaced", equalTo(true))
                .body("items[0].hash.length()", equalTo(64))
                .body("next_cursor", nullValue());
    }

    @Test
    void allThatATokenAndAUserGoThroughIsOnRecord() {
        var user = newUser("admin");
        var admin = Api.admin();
        String token = Api.newToken(user, Map.of("name", "x", "scopes", List.of("read:audits")))
                .path("id");
        String successor = user.calls()
                .body(Map.of("grace_seconds", 60))
                .post("/api/v1/tokens/" + token + "/rotate")
                .path("id");
        String own = Api.newToken(user, "read:audits");
        Api.as(own).post("/api/v1/tokens/me/revoke").then().statusCode(204);
        user.calls().delete("/api/v1/tokens/" + token).then().statusCode(204);
        user.calls()
                .body(Map.of("kind", "credentials"))
                .post("/api/v1/audits")
                .then()
                .statusCode(202);
        user.calls()
                .body(Map.of("current_password", Api.PASSWORD, "new_password", "another-long-enough-Password"))
                .post("/api/auth/password")
                .then()
                .statusCode(204);
        change(admin, user, Map.of("role", "user"));
        change(admin, user, Map.of("disabled", true));
        change(admin, user, Map.of("disabled", false, "role", "admin"));
        var again = Api.logIn(user.username(), "another-long-enough-Password");
        anonymous()
                .body(Map.of("refresh_token", again.refreshToken()))
                .post("/api/auth/refresh")
                .then()
                .statusCode(200);
        anonymous()
                .body(Map.of("refresh_token", again.refreshToken()))
                .post("/api/auth/refresh")
                .then()
                .statusCode(401);
        var last = Api.logIn(user.username(), "another-long-enough-Password");
        for (var i = 0; i < 12; i++) {
            anonymous()
                    .body(Map.of("username", user.username(), "password", "wrong"))
                    .post("/api/auth/login");
        }

        var log = list(last, "limit", "200").extract().jsonPath();
        assertEquals(
                List.of(
                        "user.registered",
                        "session.opened",
                        "session.opened",
                        "token.created",
                        "token.rotated",
                        "token.created",
                        "token.revoked",
                        "token.revoked",
                        "audit_run.queued",
                        "user.password_changed",
                        "session.ended",
                        "user.changed",
                        "user.changed",
                        "session.ended",
                        "user.changed",
                        "session.opened",
                        "session.ended",
                        "session.opened",
                        "user.login_locked"),
                log.<String>getList("items.action").reversed());
        assertEquals(successor, log.getString("items.find { it.action == 'token.rotated' }.details.successor"));
        assertEquals("refresh_reused", log.getString("items.find { it.action == 'session.ended' }.details.reason"));
        assertEquals("api_token", log.getString("items.findAll { it.action == 'token.revoked' }[1].actor.kind"));
        assertEquals(
                "admin user",
                log.getString("items.findAll { it.action == 'user.changed' }[2].details.before.role") + " "
                        + log.getString("items.findAll { it.action == 'user.changed' }[2].details.after.role"));
        verify(last).body("valid", equalTo(true));
    }

    private static void change(Someone admin, Someone user, Map<String, Object> change) {
        admin.calls().body(change).patch("/api/v1/users/" + user.id()).then().statusCode(200);
    }

    @Test
    void noSecretIsInTheLog() {
        var admin = newUser("admin");
        String token = Api.newToken(admin, "read:audits");
        var seen = list(admin, "limit", "200").extract().asString()
                + admin.calls().queryParam("format", "jsonl").get(LOG).asString();
        for (var secret : List.of(
                token,
                token.substring(13),
                Api.PASSWORD,
                admin.accessToken(),
                admin.refreshToken(),
                "$2a$",
                "digest")) {
            assertFalse(seen.contains(secret), secret);
        }
        assertEquals(List.of(), Tables.thatHold(token));
    }

    @Test
    void eachFilterNarrowsTheListToWhatItNames() {
        var admin = newUser("admin");
        String token = Api.newToken(admin, Map.of("name", "x", "scopes", List.of("read:audits")))
                .path("id");
        admin.calls()
                .header("X-Request-Id", "narrow")
                .delete("/api/v1/tokens/" + token)
                .then()
                .statusCode(204);
        String session = list(admin, "action", "token.created").extract().path("items[0].actor.id");
        String at = list(admin, "action", "token.created").extract().path("items[0].at");

        assertActions(admin, "action", "token.created", "token.created");
        assertActions(admin, "action", "token.*", "token.revoked", "token.created");
        assertActions(admin, "action", "toke.*");
        assertActions(admin, "actor", admin.id(), "token.revoked", "token.created");
        assertActions(admin, "actor", session, "token.revoked", "token.created");
        assertActions(admin, "actor", UUID.randomUUID().toString());
        assertActions(admin, "subject_kind", "token", "token.revoked", "token.created");
        assertActions(admin, "subject_id", token, "token.revoked", "token.created");
        assertActions(admin, "subject_id", admin.id(), "user.registered");
        assertActions(admin, "request_id", "narrow", "token.revoked");
        assertActions(admin, "address", "192.0.2.1");
        assertActions(admin, "from", at, "token.revoked", "token.created");
        assertActions(admin, "from", "2099-12-31");
        assertActions(admin, "to", "2001-01-01T00:00:00+02:00");
        assertEquals(
                5, (int) list(admin, "address", "::ffff:127.0.0.1").extract().path("items.size()"));
        admin.calls()
                .queryParam("to", at)
                .queryParam("action", "user.*")
                .get(LOG)
                .then()
                .body("items.action", equalTo(List.of("user.registered")));
    }

    private static void assertActions(Someone admin, String filter, String value, String... actions) {
        list(admin, filter, value).body("items.action", equalTo(List.of(actions)));
    }

    @Test
    void whatIsNoFilterOrNoValueOfOneIsRefusedByName() {
        var admin = newUser("admin");
        new Refusals("GET", LOG, admin::calls).ofParameters("""
                action        | token                | 422 | action
                action        | *                    | 422 | action
                action        | token.created%3B     | 422 | action
                action        | .*                   | 422 | action
                action        |                      | 422 | action
                action        | %25.%25              | 422 | action
                actor         | me                   | 422 | actor
                actor         | 1-1-1-1-1            | 422 | actor
                subject_kind  | To%20ken             | 422 | subject_kind
                subject_id    | a%00b                | 422 | subject_id
                subject_id    | <201a>               | 422 | subject_id
                from          | yesterday            | 422 | from
                from          | 1999-12-31           | 422 | from
                from          | 2026-13-01           | 422 | from
                to            | 2026-01-01T00:00:00  | 422 | to
                to            | %2B999999999-01-01T00:00:00Z | 422 | to
                request_id    | a%20b                | 422 | request_id
                address       | localhost            | 422 | address
                address       | 10.0.0.0/8           | 422 | address
                chain         | 1                    | 422 | chain
                chain         | 1-1-1-1-1            | 422 | chain
                format        | xml                  | 422 | format
                limit         | 0                    | 422 | limit
                limit         | 201                  | 422 | limit
                cursor        | x                    | 422 | cursor
                actions       | token.created        | 422 | actions
                action        | token.*&action=user.* | 422 | action
                format        | jsonl&limit=5        | 422 | limit
                format        | jsonl&cursor=x       | 422 | cursor
                """);
        new Refusals("GET", LOG + "/verify", admin::calls).ofParameters("""
                from_position | 0                    | 422 | from_position
                from_position | -1                   | 422 | from_position
                from_position | 99999999999999999999 | 422 | from_position
                from_position | 1000                 | 422 | from_position
                checkpoint_position | 1              | 422 | checkpoint_hash
                checkpoint_hash | <64a>              | 422 | checkpoint_position
                checkpoint_position | 1&checkpoint_hash=x | 422 | checkpoint_hash
                checkpoint_position | 1&from_position=2&checkpoint_hash=<64a> | 422 | checkpoint_position
                chain         | all                  | 422 | chain
                action        | token.*              | 422 | action
                """);
    }

    @Test
    void aListThatGrowsMeanwhileIsReadOnWithoutGapsAndRepeats() {
        var admin = newUser("admin");
        for (var i = 0; i < 7; i++) {
            Api.newToken(admin, "read:audits");
        }
        var seen = new ArrayList<Integer>();
        var cursor = "";
        while (cursor != null) {
            var page = admin.calls().queryParam("limit", 3);
            var answer = (cursor.isEmpty() ? page : page.queryParam("cursor", cursor))
                    .get(LOG)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            seen.addAll(answer.<Integer>getList("items.position"));
            cursor = answer.getString("next_cursor");
            Api.newToken(admin, "read:audits");
        }
        assertEquals(List.of(10, 9, 8, 7, 6, 5, 4, 3, 2, 1), seen);
    }

    @Test
    void nobodySeesTheActsOfAnotherTenant() {
        var admin = newUser("admin");
        var other = newUser("admin");
        String token = Api.newToken(other, Map.of("name", "theirs", "scopes", List.of("read:audits")))
                .path("id");
        list(admin, "subject_id", token).body("items", hasSize(0));
        list(admin, "actor", other.id()).body("items", hasSize(0));
        admin.calls().queryParam("format", "jsonl").get(LOG).then().body(not(containsString(other.id())));
        list(admin, "limit", "200").body("items.actor.user_id", not(equalTo(other.id())));
        String id = list(other, "action", "token.created").extract().path("items[0].id");
        var cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(StandardCharsets.UTF_8));
        list(admin, "cursor", cursor).body("items", hasSize(0));
    }

    @Test
    void whatBelongsToNoTenantStandsInTheInstallationsOwnChain() {
        var admin = newUser("admin");
        list(admin, "chain", "installation").body("items.action", org.hamcrest.Matchers.hasItem("signing_key.created"));
        admin.calls()
                .queryParam("chain", "installation")
                .get(LOG + "/verify")
                .then()
                .body("valid", equalTo(true))
                .body("chain", equalTo("00000000-0000-0000-0000-000000000000"));
    }

    @Test
    void staffReadAndVerifyTheLogOfATenantByItsId() {
        var user = newUser();
        list(Api.admin(), "chain", user.tenantId())
                .body("items.action", org.hamcrest.Matchers.hasItem("user.registered"));
        Api.admin()
                .calls()
                .queryParam("chain", user.tenantId())
                .get(LOG + "/verify")
                .then()
                .statusCode(200)
                .body("valid", equalTo(true))
                .body("chain", equalTo(user.tenantId()));
    }

    @Test
    void staffWhoReadTheLogOfAnotherTenantAreOnRecordThere() {
        var user = newUser();
        var staff = newUser("admin");
        list(staff, "chain", user.tenantId());
        var calls = Map.of("chain", user.tenantId(), "format", "jsonl");
        staff.calls().queryParams(calls).get(LOG).then().statusCode(200);
        staff.calls()
                .queryParam("chain", user.tenantId())
                .get(LOG + "/verify")
                .then()
                .statusCode(200);
        var read = staff.calls()
                .queryParams("chain", user.tenantId(), "action", "audit_log.read")
                .get(LOG)
                .then()
                .extract()
                .jsonPath();
        assertEquals(List.of("page", "verify", "export", "page"), read.getList("items.details.as"));
        assertEquals(staff.id(), read.getString("items[0].actor.user_id"));

        list(staff, "chain", "tenant");
        list(staff, "chain", staff.tenantId());
        list(staff, "action", "audit_log.read").body("items", hasSize(0));
    }

    @Test
    void aDownloadOfABrokenChainHasAllRowsAndTellsTheProblemAndSignsNothing() {
        var admin = newUser("admin");
        Api.newToken(admin, "read:audits");
        Tables.changeFreely("delete from audit_chains where chain = ?::uuid", admin.tenantId());
        assertEndsBroken(admin, 4, "head_invalid");
        Api.newToken(admin, "read:audits");
        Tables.changeFreely(
                "update audit_log set subject_id = 'x' where chain = ?::uuid and position = 2", admin.tenantId());
        assertEndsBroken(admin, 6, "changed");
    }

    private static void assertEndsBroken(Someone admin, int rows, String kind) {
        var lines = admin.calls()
                .queryParam("format", "jsonl")
                .get(LOG)
                .asString()
                .lines()
                .toList();
        assertEquals(rows + 1, lines.size());
        assertTrue(
                lines.getLast().startsWith("{\"checkpoint\":null,\"problem\":{\"kind\":\"" + kind + "\""),
                lines.getLast());
    }

    @Test
    void aUserAndATokenOfAnAdminAreRefused() {
        var user = newUser();
        var token = Api.newToken(newUser("admin"), "admin:tenant");
        for (var path : List.of(LOG, LOG + "/verify")) {
            user.calls().get(path).then().statusCode(403).body("code", equalTo("insufficient_role"));
            Api.as(token).get(path).then().statusCode(403);
        }
    }

    @Test
    void aDownloadIsJsonLinesOldestFirstAndEndsWithASignedCheckpoint() throws GeneralSecurityException {
        var admin = newUser("admin");
        Api.newToken(admin, "read:audits");
        var answer = admin.calls().accept("application/x-ndjson").get(LOG);
        answer.then()
                .statusCode(200)
                .header("Content-Type", "application/x-ndjson")
                .header("Content-Disposition", "attachment; filename=\"latchkey-audit-log.jsonl\"");
        var lines = answer.asString().lines().map(JsonPath::from).toList();
        assertEquals(
                List.of(1, 2, 3, 4),
                lines.subList(0, 4).stream()
                        .map(line -> line.getInt("position"))
                        .toList());
        var checkpoint = lines.getLast();
        assertEquals(4, checkpoint.getInt("checkpoint.position"));
        assertEquals(lines.get(3).getString("hash"), checkpoint.getString("checkpoint.hash"));
        assertTrue(isSigned(checkpoint, "checkpoint."));
        var filtered = admin.calls()
                .queryParam("format", "jsonl")
                .queryParam("action", "token.*")
                .get(LOG)
                .asString();
        assertEquals(2, filtered.lines().count());
        assertTrue(filtered.lines().toList().getLast().startsWith("{\"checkpoint\":null,\"reason\":"), filtered);
    }

    @Test
    void aVerificationSaysWhatItFoundAndSignsItForWhoeverChecksWithoutUs() throws GeneralSecurityException {
        var admin = newUser("admin");
        Api.newToken(admin, "read:audits");
        var verdict = verify(admin)
                .body("valid", equalTo(true))
                .body("checked", equalTo(4))
                .body("first_position", equalTo(1))
                .body("last_position", equalTo(4))
                .body("problem", nullValue())
                .body("chain", equalTo(admin.tenantId()))
                .extract()
                .jsonPath();
        assertEquals(verdict.getString("head_hash"), verdict.getString("checkpoint.hash"));
        assertTrue(isSigned(verdict, "checkpoint."));

        admin.calls()
                .queryParam("from_position", 3)
                .get(LOG + "/verify")
                .then()
                .body("valid", equalTo(true))
                .body("checked", equalTo(2))
                .body("checkpoint", nullValue());
        Api.newToken(admin, "read:audits");
        var kept = Map.of("checkpoint_position", 4, "checkpoint_hash", verdict.getString("checkpoint.hash"));
        admin.calls().queryParams(kept).get(LOG + "/verify").then().body("valid", equalTo(true));
        var wrong = Map.of("checkpoint_position", 4, "checkpoint_hash", "ab".repeat(32));
        admin.calls()
                .queryParams(wrong)
                .get(LOG + "/verify")
                .then()
                .body("problem.kind", equalTo("checkpoint_mismatch"));
        var ahead = Map.of("checkpoint_position", 9, "checkpoint_hash", "ab".repeat(32));
        admin.calls()
                .queryParams(ahead)
                .get(LOG + "/verify")
                .then()
                .body("problem.kind", equalTo("truncated"))
                .body("problem.position", equalTo(6));
    }

    // As the documentation tells an outsider to do it.
    private static boolean isSigned(JsonPath json, String at) throws GeneralSecurityException {
        var text = String.join(
                "\n",
                "latchkey-audit-checkpoint-1",
                json.getString(at + "chain"),
                json.getString(at + "position"),
                json.getString(at + "hash"),
                json.getString(at + "at"),
                "");
        var key = new X509EncodedKeySpec(Base64.getDecoder().decode(json.getString(at + "public_key")));
        var signature = Signature.getInstance("Ed25519");
        signature.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(key));
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        return signature.verify(Base64.getDecoder().decode(json.getString(at + "signature")));
    }

    @Test
    void aDownloadOfTenThousandRowsIsWholeAndAVerificationOfThemToo() {
        var admin = newUser("admin");
        Tables.change("""
                insert into audit_log (id, at, tenant_id, actor_kind, action, subject_kind, subject_id)
                select gen_random_uuid(), now(), ?::uuid, 'system', 'token.created', 'token', i::text
                from generate_series(1, 10000) as i""", admin.tenantId());
        // Linked by the job that links what older versions wrote: 20 times 500, and a row that tells of each.
        Eventually.within(
                150, () -> verify(admin).body("checked", equalTo(10_023)).body("valid", equalTo(true)));
        var lines = admin.calls()
                .queryParam("format", "jsonl")
                .get(LOG)
                .asString()
                .lines()
                .toList();
        assertEquals(10_024, lines.size());
        assertEquals(10_023, new HashSet<>(lines.subList(0, 10_023)).size());
        assertTrue(lines.getLast().startsWith("{\"checkpoint\":{"));
    }

    private static ValidatableResponse list(Someone admin, String parameter, String value) {
        return admin.calls().queryParam(parameter, value).get(LOG).then().statusCode(200);
    }

    private static ValidatableResponse verify(Someone admin) {
        return admin.calls().get(LOG + "/verify").then().statusCode(200);
    }
}
