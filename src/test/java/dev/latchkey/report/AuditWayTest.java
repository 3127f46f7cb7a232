package dev.latchkey.report;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AuditWayTest {

    @Test
    void anAuditIsAskedForWithATokenFollowedAndDownloaded() throws InterruptedException, SQLException {
        var owner = newUser();
        var robot = Audits.robot(owner);
        // Its use must be known, or it might look unused by the time that it is examined.
        as(robot).get(Audits.PATH).then().statusCode(200);
        Audits.awaitUsed(as(robot).get("/api/v1/tokens/me").path("id"));
        var queued = Audits.start(robot);
        String id = queued.path("id");
        queued.then()
                .statusCode(202)
                .header("Location", "/api/v1/audits/" + id)
                .body("status", equalTo("queued"))
                .body("keySet()", is(Set.of("id", "status")));

        Audits.awaitCompleted(robot, id);
        as(robot)
                .get(Audits.PATH + "/" + id)
                .then()
                .body("kind", equalTo("credentials"))
                .body("progress", equalTo(100))
                .body("created_at", notNullValue())
                .body("started_at", notNullValue())
                .body("completed_at", notNullValue())
                .body("created_by", equalTo(owner.id()))
                .body("findings_count", equalTo(3))
                .body("summary", equalTo(Map.of("high", 0, "medium", 1, "low", 2, "info", 0)))
                .body("$", not(org.hamcrest.Matchers.hasKey("error")));

        as(robot)
                .get(Audits.PATH + "/" + id + "/report")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Content-Disposition", "attachment; filename=\"latchkey-audit-" + id + ".json\"")
                .body("audit_id", equalTo(id))
                .body("tenant_id", equalTo(owner.tenantId()))
                .body("kind", equalTo("credentials"))
                .body("credentials_examined", equalTo(1))
                .body("findings_omitted", equalTo(0))
                .body("summary.medium", equalTo(1))
                .body("findings.rule", contains("never_expires", "no_address_limit", "unused_scopes"))
                .body("findings.name", everyItem(equalTo("robot")))
                .body("findings[0].severity", equalTo("medium"))
                .body("findings[0].credential_kind", equalTo("api_token"))
                .body("findings[0].display", equalTo(robot.substring(0, 12)))
                .body("findings[0].remedy", notNullValue())
                .body("findings[0].evidence.created_at", notNullValue());
    }

    @Test
    void aReportIsDownloadedAsCsvAndHtmlInWhichANameIsOnlyText() throws InterruptedException {
        var owner = newUser();
        newToken(owner, Map.of("name", "=HYPERLINK(\"<script>\")", "scopes", List.of("read:audits")));
        var id = Audits.startedId(owner.accessToken());
        Audits.awaitCompleted(owner.accessToken(), id);

        owner.calls()
                .accept("*/*")
                .get(Audits.PATH + "/" + id + "/report?format=csv")
                .then()
                .statusCode(200)
                .header("Content-Type", equalTo("text/csv; charset=utf-8"))
                .header("Content-Disposition", "attachment; filename=\"latchkey-audit-" + id + ".csv\"")
                .body(containsString("rule,severity,credential_id,"))
                .body(containsString(",\"'=HYPERLINK(\"\"<script>\"\")\",lk_live_"));

        owner.calls()
                .accept("*/*")
                .get(Audits.PATH + "/" + id + "/report?format=html")
                .then()
                .statusCode(200)
                .header("Content-Type", equalTo("text/html; charset=utf-8"))
                .header("Content-Disposition", "attachment; filename=\"latchkey-audit-" + id + ".html\"")
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", containsString("default-src 'none'"))
                .header("Cache-Control", "no-store")
                .body(containsString("=HYPERLINK(&quot;&lt;script&gt;&quot;)"))
                .body(not(containsString("<script>")));
    }

    @Test
    void findingsComeFromTheRealUseOfTokensAndOnlyOfTheTenantsOwn() throws InterruptedException, SQLException {
        var owner = newUser();
        var other = newUser();
        newToken(other, Map.of("name", "of another tenant", "scopes", List.of("admin:tenant")));
        makeOld(token(owner, "forgotten", "read:audits"), 8);
        var used = token(owner, "used", "read:audits", "write:audits");
        as(used.getString("token")).get(Audits.PATH).then().statusCode(200);
        var lost = token(owner, "long ago", "read:audits");
        makeOld(lost, 400);
        var revoked = token(owner, "revoked", "admin:tenant");
        owner.calls().delete("/api/v1/tokens/" + revoked.getString("id"));
        Audits.awaitUsed(used.getString("id"));
        assertEquals(
                1,
                Audits.execute(
                        "insert into usage_last_use (credential_id, tenant_id, at) values ('%s', '%s', now() - interval '91 days')",
                        lost.getString("id"), owner.tenantId()));

        var id = Audits.startedId(owner.accessToken());
        Audits.awaitCompleted(owner.accessToken(), id);
        var report = owner.calls().get(Audits.PATH + "/" + id + "/report").jsonPath();

        assertEquals(3, report.getInt("credentials_examined"));
        assertEquals(Set.of("never_used", "never_expires", "no_address_limit"), rulesAbout(report, "forgotten"));
        assertEquals(Set.of("unused_scopes", "never_expires", "no_address_limit"), rulesAbout(report, "used"));
        assertEquals(
                Set.of(
                        "unused_90_days",
                        "not_rotated_for_a_year",
                        "never_expires",
                        "no_address_limit",
                        "unused_scopes"),
                rulesAbout(report, "long ago"));
        assertEquals(
                List.of(List.of("write:audits")),
                report.getList(
                        "findings.findAll { it.name == 'used' && it.rule == 'unused_scopes' }.evidence.scopes_unused"));
    }

    @Test
    void listsRunFromTheNewestInPagesAndCanBeNarrowedToAStatus() throws InterruptedException {
        var owner = newUser();
        var first = Audits.startedId(owner.accessToken());
        var second = Audits.startedId(owner.accessToken());
        Audits.awaitCompleted(owner.accessToken(), first);
        Audits.awaitCompleted(owner.accessToken(), second);

        var page = owner.calls().get(Audits.PATH + "?limit=1");
        page.then().body("items.id", contains(second)).body("next_cursor", notNullValue());
        owner.calls()
                .get(Audits.PATH + "?limit=1&cursor=" + page.path("next_cursor"))
                .then()
                .body("items.id", contains(first))
                .body("items[0].status", equalTo("completed"))
                .body("next_cursor", nullValue());
        owner.calls().get(Audits.PATH + "?status=completed").then().body("items.id", contains(second, first));
        owner.calls().get(Audits.PATH + "?status=failed").then().body("items", empty());
    }

    @Test
    void queueingIsOnRecordInTheAuditLogWithTheTokenAsActor() throws SQLException {
        var owner = newUser();
        var id = Audits.startedId(Audits.robot(owner));
        assertEquals(
                "api_token audit_run credentials " + owner.tenantId(),
                Audits.value(
                        "select concat_ws(' ', actor_kind, subject_kind, details ->> 'kind', tenant_id) from audit_log "
                                + "where action = 'audit_run.queued' and subject_id = '%s'",
                        id));
    }

    private static JsonPath token(Someone owner, String name, String... scopes) {
        return newToken(owner, Map.of("name", name, "scopes", List.of(scopes))).jsonPath();
    }

    private static void makeOld(JsonPath token, int days) throws SQLException {
        var sql = "update api_tokens set created_at = now() - interval '%d days' where id = '%s'";
        assertEquals(1, Audits.execute(sql, days, token.getString("id")));
    }

    private static Set<String> rulesAbout(JsonPath report, String name) {
        return report.<Map<String, Object>>getList("findings").stream()
                .filter(finding -> name.equals(finding.get("name")))
                .map(finding -> String.valueOf(finding.get("rule")))
                .collect(Collectors.toSet());
    }
}
