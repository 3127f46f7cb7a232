package dev.latchkey.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import dev.latchkey.local.TestServices;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Audits from outside, and their table from inside. */
final class Audits {

    static final String PATH = "/api/v1/audits";

    private Audits() {}

    static String robot(Someone owner) {
        return Api.newToken(
                        owner,
                        Map.of("name", "robot", "scopes", List.of("write:audits", "read:audits", "read:reports")))
                .path("token");
    }

    static Response start(String credential) {
        return Api.as(credential).body(Map.of("kind", "credentials")).post(PATH);
    }

    static String startedId(String credential) {
        return start(credential).then().statusCode(202).extract().path("id");
    }

    /** Polls for 20 seconds at most, slowly enough for the limits of a token. */
    static JsonPath awaitFinished(String credential, String id) throws InterruptedException {
        var end = Instant.now().plusSeconds(20);
        while (true) {
            var run = Api.as(credential)
                    .get(PATH + "/" + id)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            if (List.of("completed", "failed").contains(run.getString("status"))) {
                return run;
            }
            assertTrue(Instant.now().isBefore(end), "The audit is still " + run.getString("status"));
            Thread.sleep(500);
        }
    }

    static JsonPath awaitCompleted(String credential, String id) throws InterruptedException {
        var run = awaitFinished(credential, id);
        assertEquals("completed", run.getString("status"));
        return run;
    }

    /** Waits until PostgreSQL knows of the use of a scope by the token. */
    static void awaitUsed(String tokenId) throws SQLException, InterruptedException {
        for (var tries = 0; tries < 100; tries++) {
            if (!"0".equals(value("select count(*) from usage_scope_use where credential_id = '%s'", tokenId))) {
                return;
            }
            Thread.sleep(100);
        }
        fail("The use of the token is not shown");
    }

    static int execute(String sql, Object... values) throws SQLException {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.createStatement()) {
            return statement.executeUpdate(sql.formatted(values));
        }
    }

    /** The first column of the first row, as text. */
    static String value(String sql, Object... values) throws SQLException {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql.formatted(values))) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }
}
