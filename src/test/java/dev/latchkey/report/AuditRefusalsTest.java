package dev.latchkey.report;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class AuditRefusalsTest {

    private static final String UNKNOWN = "/01a1fe79-0f60-7000-a1b2-c3d4e5f60718";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "{}                                        | 422 | validation_failed | kind",
                "{\"kind\":null}                           | 422 | validation_failed | kind",
                "{\"kind\":\"\"}                           | 422 | validation_failed | kind",
                "{\"kind\":\"leak_scan\"}                  | 422 | validation_failed | kind",
                "{\"kind\":\"Credentials\"}                | 422 | validation_failed | kind",
                "{\"kind\":\"credentials \"}               | 422 | validation_failed | kind",
                "{\"kind\":\"credentials\\u0000\"}         | 422 | validation_failed | kind",
                "{\"kind\":\"credentials\\n\"}             | 422 | validation_failed | kind",
                "{\"kind\":\"🤖\"}                         | 422 | validation_failed | kind",
                "{\"kind\":1}                              | 400 | invalid_request   | kind",
                "{\"kind\":true}                           | 400 | invalid_request   | kind",
                "{\"kind\":[\"credentials\"]}              | 400 | invalid_request   | kind",
                "{\"kind\":\"credentials\",\"tenant\":\"x\"} | 400 | invalid_request | tenant",
                "{\"kind\":\"credentials\",\"kind\":\"credentials\"} | 400 | invalid_request | none",
                "{\"kind\":                                | 400 | invalid_request   | none",
                "[]                                        | 400 | invalid_request   | none",
                "null                                      | 400 | invalid_request   | none",
                "``                                        | 400 | invalid_request   | none",
            })
    void aBodyThatIsNotRightIsRefusedByNameAndQueuesNothing(String body, int status, String code, String field)
            throws SQLException {
        var owner = newUser();
        var answer = owner.calls().body(body).post(Audits.PATH);
        problem(answer, status, code);
        if (field != null) {
            answer.then().body("errors.field", hasItem(field));
        }
        assertEquals(0, runsOf(owner));
    }

    @Test
    void aFileToScanIsNotTakenYetAndSaysSo() {
        var owner = newUser();
        var answer = given().header("Authorization", "Bearer " + owner.accessToken())
                .multiPart("kind", "leak_scan")
                .multiPart("file", "dump.txt", new byte[] {1, 2, 3})
                .post(Audits.PATH);
        problem(answer, 415, "unsupported_media_type");
    }

    @ParameterizedTest
    @CsvSource({
        "?status=done,                    422, validation_failed, status",
        "?status=QUEUED,                  422, validation_failed, status",
        "?limit=0,                        422, validation_failed, limit",
        "?limit=201,                      422, validation_failed, limit",
        "?limit=x,                        422, validation_failed, limit",
        "?cursor=x,                       422, validation_failed, cursor",
        UNKNOWN + ",                      404, not_found,",
        "/not-a-uuid,                     404, not_found,",
        UNKNOWN + "/report,               404, not_found,",
        UNKNOWN + "/report?format=pdf,    422, validation_failed, format",
        UNKNOWN + "/report?format=CSV,    422, validation_failed, format",
    })
    void whatIsAskedForWrongIsRefusedByName(String path, int status, String code, String field) {
        var answer = newUser().calls().get(Audits.PATH + path);
        problem(answer, status, code);
        if (field != null) {
            answer.then().body("errors.field", contains(field));
        }
    }

    @Test
    void anotherTenantsAuditIsToldApartFromNoneByNobody() throws InterruptedException {
        var owner = newUser();
        var stranger = newUser();
        var id = Audits.startedId(owner.accessToken());
        Audits.awaitCompleted(owner.accessToken(), id);
        for (var rest : List.of("", "/report", "/report?format=csv")) {
            var theirs = stranger.calls().get(Audits.PATH + "/" + id + rest);
            var none = stranger.calls().get(Audits.PATH + UNKNOWN + rest);
            problem(theirs, 404, "not_found");
            assertEquals(
                    none.asString().replace(UNKNOWN, "/*"), theirs.asString().replace("/" + id, "/*"));
        }
        stranger.calls().get(Audits.PATH).then().body("items.size()", equalTo(0));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, '',           read:audits read:reports,  write:audits",
        "GET,  '',           write:audits read:reports, read:audits",
        "GET,  " + UNKNOWN + ",        write:audits read:reports, read:audits",
        "GET,  " + UNKNOWN + "/report, write:audits read:audits,  read:reports",
    })
    void eachCallTakesItsOwnScope(String method, String path, String granted, String needed) {
        String token = newToken(newUser(), Map.of("name", "lacking", "scopes", List.of(granted.split(" "))))
                .path("token");
        var answer = call(as(token), method, path);
        problem(answer, 403, "insufficient_scope");
        answer.then().body("required_scopes", contains(needed));
        problem(call(given().contentType("application/json"), method, path), 401, "not_authenticated");
    }

    @ParameterizedTest
    @CsvSource({"queued", "failed"})
    void thereIsNoReportOfAnAuditThatIsNotCompleted(String status) throws SQLException {
        var owner = newUser();
        var id = insert(owner, status);
        var answer = owner.calls().get(Audits.PATH + "/" + id + "/report");
        problem(answer, 409, "conflict");
        answer.then().body("audit_status", equalTo(status));
        owner.calls()
                .get(Audits.PATH + "/" + id)
                .then()
                .body("findings_count", equalTo(null))
                .body("error", equalTo(status.equals("failed") ? "It did not work." : null));
    }

    @Test
    void aTenantHasTenUnfinishedAuditsAndNotOneMoreHoweverManyAskAtOnce() throws Exception {
        var owner = newUser();
        for (var i = 0; i < 8; i++) {
            insert(owner, "queued");
        }
        var statuses = Collections.synchronizedList(new ArrayList<Integer>());
        var threads = new ArrayList<Thread>();
        for (var i = 0; i < 6; i++) {
            threads.add(Thread.ofPlatform()
                    .start(() -> statuses.add(Audits.start(owner.accessToken()).statusCode())));
        }
        for (var thread : threads) {
            thread.join();
        }
        // One that the worker finished meanwhile makes room for another.
        var finished = Integer.parseInt(Audits.value(
                "select count(*) from audit_runs where tenant_id = '%s' and status = 'completed'", owner.tenantId()));
        assertEquals(true, Collections.frequency(statuses, 202) <= 2 + finished, statuses.toString());
        assertEquals(6, Collections.frequency(statuses, 202) + Collections.frequency(statuses, 409));

        Audits.execute("delete from audit_runs where tenant_id = '%s'", owner.tenantId());
        for (var i = 0; i < 10; i++) {
            insert(owner, "queued");
        }
        problem(Audits.start(owner.accessToken()), 409, "too_many_runs");
        newUserMayStart();
    }

    @Test
    void theSameIdempotencyKeyQueuesOneAudit() throws SQLException {
        var owner = newUser();
        var first = startWith(owner, "key-1");
        var second = startWith(owner, "key-1");
        first.then().statusCode(202);
        second.then().statusCode(202).header("Location", first.header("Location"));
        assertEquals(first.asString(), second.asString());
        assertEquals(1, runsOf(owner));
        assertNotEquals(first.asString(), startWith(owner, "key-2").asString());
        problem(startWith(owner, "a b"), 422, "validation_failed");
    }

    private static void newUserMayStart() {
        Audits.start(newUser().accessToken()).then().statusCode(202);
    }

    private static Response startWith(Someone owner, String key) {
        return owner.calls()
                .header("Idempotency-Key", key)
                .body(Map.of("kind", "credentials"))
                .post(Audits.PATH);
    }

    /** Not due for a day, so that no worker looks at it. */
    private static UUID insert(Someone owner, String status) throws SQLException {
        var id = UUID.randomUUID();
        var failed = status.equals("failed");
        Audits.execute(
                """
                insert into audit_runs (id, tenant_id, kind, status, progress, created_by, created_at, due_at, completed_at, error)
                values ('%s', '%s', 'credentials', '%s', 0, '%s', now(), now() + interval '1 day', %s, %s)
                """,
                id,
                owner.tenantId(),
                status,
                owner.id(),
                failed ? "now()" : "null",
                failed ? "'It did not work.'" : "null");
        return id;
    }

    private static int runsOf(Someone owner) throws SQLException {
        return Integer.parseInt(
                Audits.value("select count(*) from audit_runs where tenant_id = '%s'", owner.tenantId()));
    }

    private static Response call(RequestSpecification caller, String method, String path) {
        return method.equals("POST")
                ? caller.body(Map.of("kind", "credentials")).post(Audits.PATH + path)
                : caller.get(Audits.PATH + path);
    }

    private static void problem(Response answer, int status, String code) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code))
                .body("status", equalTo(status));
    }
}
