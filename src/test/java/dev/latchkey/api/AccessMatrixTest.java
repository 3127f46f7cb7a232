package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Who gets which answer on which route: every route of the service stands in the table, and {@link EveryRouteTest} fails if
 * one is missing. What stands in braces belongs to the column {@code user}; {@code {token}} is made anew for each call.
 */
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessMatrixTest {

    /** 422 stands for: let in, and then told that the empty body lacks fields. */
    static final String ROUTES = """
            route                              | body   | anonymous | garbage | guest | user | admin | unscoped | scoped | revoked | stranger
            POST   /api/auth/register          | {}     | 422       | 422     | 422   | 422  | 422   | 422      | 422    | 422     | 422
            POST   /api/auth/login             | {}     | 422       | 422     | 422   | 422  | 422   | 422      | 422    | 422     | 422
            POST   /api/auth/refresh           | {}     | 422       | 422     | 422   | 422  | 422   | 422      | 422    | 422     | 422
            POST   /api/auth/logout            | {}     | 422       | 422     | 422   | 422  | 422   | 422      | 422    | 422     | 422
            GET    /api/auth/me                |        | 401       | 401     | 200   | 200  | 200   | 403      | 403    | 401     | 200
            POST   /api/auth/password          | {}     | 401       | 401     | 422   | 422  | 422   | 403      | 403    | 401     | 422
            GET    /api/v1/users               |        | 401       | 401     | 403   | 403  | 200   | 403      | 403    | 401     | 403
            GET    /api/v1/users/{user}        |        | 401       | 401     | 403   | 403  | 200   | 403      | 403    | 401     | 403
            PATCH  /api/v1/users/{user}        | {}     | 401       | 401     | 403   | 403  | 200   | 403      | 403    | 401     | 403
            GET    /api/v1/tokens              |        | 401       | 401     | 403   | 200  | 200   | 403      | 200    | 401     | 200
            POST   /api/v1/tokens              | {new}  | 401       | 401     | 403   | 201  | 201   | 403      | 201    | 401     | 201
            GET    /api/v1/tokens/{token}        |      | 401       | 401     | 403   | 200  | 404   | 403      | 200    | 401     | 404
            PATCH  /api/v1/tokens/{token}        | {}   | 401       | 401     | 403   | 200  | 404   | 403      | 200    | 401     | 404
            DELETE /api/v1/tokens/{token}        |      | 401       | 401     | 403   | 204  | 404   | 403      | 204    | 401     | 404
            POST   /api/v1/tokens/{token}/rotate |      | 401       | 401     | 403   | 200  | 404   | 403      | 200    | 401     | 404
            GET    /api/v1/tokens/{token}/usage  |      | 401       | 401     | 403   | 200  | 404   | 403      | 200    | 401     | 404
            GET    /api/v1/tokens/me           |        | 401       | 401     | 403   | 403  | 403   | 200      | 200    | 401     | 403
            GET    /api/v1/tokens/me/usage     |        | 401       | 401     | 200   | 200  | 200   | 200      | 200    | 401     | 200
            POST   /api/v1/tokens/me/revoke    |        | 401       | 401     | 403   | 403  | 403   | 204      | 204    | 401     | 403
            POST   /api/v1/audits              | {}     | 401       | 401     | 403   | 422  | 422   | 403      | 422    | 401     | 422
            GET    /api/v1/audits              |        | 401       | 401     | 200   | 200  | 200   | 403      | 200    | 401     | 200
            GET    /api/v1/audits/{audit}        |      | 401       | 401     | 404   | 200  | 404   | 403      | 200    | 401     | 404
            GET    /api/v1/audits/{audit}/report |      | 401       | 401     | 404   | 200  | 404   | 200      | 200    | 401     | 404
            GET    /token-management/clients         |     | 401       | 401     | 403   | 200  | 200   | 403      | 200    | 401     | 200
            POST   /token-management/clients         | {}  | 401       | 401     | 403   | 422  | 422   | 403      | 422    | 401     | 422
            GET    /token-management/clients/{client_id} | | 401      | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            PATCH  /token-management/clients/{client_id} | {} | 401   | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            DELETE /token-management/clients/{client_id} | | 401      | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            GET    /token-management/oauth/login/{client_id} | | 404  | 404     | 404   | 404  | 404   | 404      | 404    | 404     | 404
            GET    /token-management/auth/callback   |     | 400       | 400     | 400   | 400  | 400   | 400      | 400    | 400     | 400
            POST   /token-management/oauth/client-credentials/{client_id} | | 401 | 401 | 403 | 404 | 404 | 403      | 404    | 401     | 404
            POST   /token-management/oauth/device/{client_id} | | 401   | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            POST   /token-management/oauth/device/{client_id}/token | {} | 401 | 401 | 403 | 422 | 422 | 403     | 422    | 401     | 422
            POST   /token-management/migration/import | jsonl | 401     | 401     | 403   | 422  | 422   | 403      | 422    | 401     | 422
            POST   /token-management/tokens/refresh  | {}  | 401       | 401     | 403   | 422  | 422   | 403      | 422    | 401     | 422
            GET    /token-management/tokens/{branch_id} |  | 401       | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            DELETE /token-management/tokens/{branch_id} |  | 401       | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            POST   /api/user-bot/create                | {}  | 401       | 401     | 403   | 422  | 422   | 403      | 422    | 401     | 422
            GET    /api/user-bot/status                |     | 401       | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            POST   /api/user-bot/verify                |     | 401       | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            PATCH  /api/user-bot/rate-limits           | {}  | 401       | 401     | 403   | 422  | 422   | 403      | 422    | 401     | 422
            PUT    /api/user-bot/rate-limits           | {}  | 401       | 401     | 403   | 422  | 422   | 403      | 422    | 401     | 422
            DELETE /api/user-bot/remove                |     | 401       | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            POST   /api/user-bot/start                 |     | 401       | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            POST   /api/user-bot/stop                  |     | 401       | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            POST   /api/user-bot/call/{method}         | {}  | 401       | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            GET    /api/user-bot/activity              |     | 401       | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            GET    /api/user-bot/stats                 |     | 401       | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            GET    /api/admin/bots/list                |     | 401       | 401     | 403   | 403  | 200   | 403      | 403    | 401     | 403
            GET    /api/admin/bots/actions             |     | 401       | 401     | 403   | 403  | 200   | 403      | 403    | 401     | 403
            POST   /api/admin/bots/import              | jsonl | 401     | 401     | 403   | 403  | 409   | 403      | 403    | 401     | 403
            GET    /api/admin/bots/{user_id}/status    |     | 401       | 401     | 403   | 403  | 404   | 403      | 403    | 401     | 403
            POST   /api/admin/bots/{user_id}/access    |     | 401       | 401     | 403   | 403  | 404   | 403      | 403    | 401     | 403
            POST   /api/admin/bots/{user_id}/verify    |     | 401       | 401     | 403   | 403  | 404   | 403      | 403    | 401     | 403
            PATCH  /api/admin/bots/{user_id}/suspend   | {}  | 401       | 401     | 403   | 403  | 422   | 403      | 403    | 401     | 403
            POST   /api/admin/bots/{user_id}/suspend   | {}  | 401       | 401     | 403   | 403  | 422   | 403      | 403    | 401     | 403
            PATCH  /api/admin/bots/{user_id}/activate  |     | 401       | 401     | 403   | 403  | 404   | 403      | 403    | 401     | 403
            POST   /api/admin/bots/{user_id}/activate  |     | 401       | 401     | 403   | 403  | 404   | 403      | 403    | 401     | 403
            PATCH  /api/admin/bots/{user_id}/rate-limit | {}  | 401       | 401     | 403   | 403  | 404   | 403      | 403    | 401     | 403
            PATCH  /api/admin/bots/{user_id}/rate-limits | {}  | 401       | 401     | 403   | 403  | 404   | 403      | 403    | 401     | 403
            GET    /api/v1/signing-keys        |        | 401       | 401     | 403   | 403  | 200   | 403      | 403    | 401     | 403
            POST   /api/v1/signing-keys/rotate |        | 401       | 401     | 403   | 403  | 200   | 403      | 403    | 401     | 403
            POST   /api/v1/signing-keys/{kid}/withdraw | | 401      | 401     | 403   | 403  | 404   | 403      | 403    | 401     | 403
            GET    /api/v1/audit-log           |        | 401       | 401     | 403   | 403  | 200   | 403      | 403    | 401     | 403
            GET    /api/v1/audit-log/verify    |        | 401       | 401     | 403   | 403  | 200   | 403      | 403    | 401     | 403
            POST   /api/v1/verify              | {}     | 401       | 401     | 403   | 422  | 422   | 403      | 422    | 401     | 422
            POST   /api/v1/verify/batch        | {}     | 401       | 401     | 403   | 422  | 422   | 403      | 422    | 401     | 422
            POST   /api/v1/verify/release      | {}     | 401       | 401     | 403   | 422  | 422   | 403      | 422    | 401     | 422
            GET    /api/v1/forward-auth        |        | 401       | 401     | 401   | 401  | 401   | 200      | 200    | 401     | 401
            GET    /api/v1/verify/changes      |        | 401       | 401     | 403   | 200  | 200   | 403      | 200    | 401     | 200
            POST   /oauth2/introspect | token={text} | 401       | 401     | 403   | 200  | 200   | 403      | 200    | 401     | 200
            POST   /oauth2/revoke     | token={text} | 401       | 401     | 200   | 200  | 200   | 403      | 200    | 401     | 200
            GET    /.well-known/oauth-authorization-server | | 200   | 200     | 200   | 200  | 200   | 200      | 200    | 200     | 200
            POST   /api/v1/forward-auth        |        | 401       | 401     | 401   | 401  | 401   | 200      | 200    | 401     | 401
            PUT    /api/v1/forward-auth        |        | 401       | 401     | 401   | 401  | 401   | 200      | 200    | 401     | 401
            PATCH  /api/v1/forward-auth        |        | 401       | 401     | 401   | 401  | 401   | 200      | 200    | 401     | 401
            DELETE /api/v1/forward-auth        |        | 401       | 401     | 401   | 401  | 401   | 200      | 200    | 401     | 401
            OPTIONS /api/v1/forward-auth       |        | 401       | 401     | 401   | 401  | 401   | 200      | 200    | 401     | 401
            POST   /api/auth/v2/register       | {}     | 422       | 401     | 422   | 422  | 422   | 422      | 422    | 401     | 422
            POST   /api/auth/v2/refresh        | {}     | 422       | 422     | 422   | 422  | 422   | 422      | 422    | 422     | 422
            GET    /api/auth/v2/validate       |        | 401       | 401     | 401   | 401  | 401   | 401      | 401    | 401     | 401
            POST   /api/auth/v2/revoke         | {}     | 401       | 401     | 422   | 422  | 422   | 422      | 422    | 401     | 422
            GET    /api/auth/v2/keys           |        | 401       | 401     | 403   | 200  | 200   | 403      | 200    | 401     | 200
            GET    /api/auth/v2/keys/{key_id}  |        | 401       | 401     | 403   | 404  | 404   | 403      | 404    | 401     | 404
            POST   /api/auth/v2/derive         | {}     | 401       | 401     | 403   | 403  | 403   | 422      | 422    | 401     | 403
            POST   /api/auth/v2/migrate        |        | 401       | 401     | 403   | 403  | 403   | 401      | 401    | 401     | 403
            GET    /api/auth/v2/migration      |        | 401       | 401     | 403   | 403  | 200   | 403      | 403    | 401     | 403
            POST   /api/auth/v2/migration/import | csv  | 401       | 401     | 403   | 403  | 422   | 403      | 403    | 401     | 403
            POST   /api/auth/v2/migration/revoke | {}   | 401       | 401     | 403   | 422  | 422   | 403      | 422    | 401     | 422
            POST   /api/auth/register_api_key  | {}     | 422       | 401     | 422   | 422  | 422   | 422      | 422    | 401     | 422
            GET    /api/auth/validate          |        | 401       | 401     | 401   | 401  | 401   | 401      | 401    | 401     | 401
            GET    /health                     |        | 200       | 200     | 200   | 200  | 200   | 200      | 200    | 200     | 200
            GET    /.well-known/jwks.json      |        | 200       | 200     | 200   | 200  | 200   | 200      | 200    | 200     | 200
            """;

    private final Map<String, Supplier<RequestSpecification>> callers = new LinkedHashMap<>();
    private Someone user = Api.NOBODY;
    private String audit = "";

    @BeforeEach
    void someOfEachKind() {
        if (!callers.isEmpty()) {
            return;
        }
        user = newUser();
        var guest = Api.newUser("guest");
        var admin = Api.admin();
        var stranger = newUser();
        audit = newAudit();
        callers.put("anonymous", Api::anonymous);
        callers.put("garbage", () -> as("lk_live_" + "0".repeat(36)));
        callers.put("guest", guest::calls);
        callers.put("user", user::calls);
        callers.put("admin", admin::calls);
        callers.put("unscoped", () -> as(newToken(user, "read:reports")));
        callers.put("scoped", () -> as(newToken(user, "admin:tenant")));
        callers.put("revoked", () -> as(newRevokedToken()));
        callers.put("stranger", stranger::calls);
    }

    @Test
    void eachCallerGetsExactlyTheAnswerOfTheTableOnEachRoute() {
        var header = cells(ROUTES.lines().findFirst().orElseThrow());
        assertAll(ROUTES.lines().skip(1).map(AccessMatrixTest::cells).flatMap(row -> columns(header, row)));
    }

    @Test
    void whoSendsNoCredentialIsToldSoAndNothingOfAnError() {
        ROUTES.lines()
                .skip(1)
                .map(AccessMatrixTest::cells)
                .filter(row -> row[2].equals("401"))
                .forEach(row -> {
                    var answer = call(anonymous(), row);
                    assertEquals("Not authenticated", answer.path("detail"), row[0]);
                    assertEquals("not_authenticated", answer.path("code"), row[0]);
                    assertEquals("Bearer realm=\"latchkey\"", answer.header("WWW-Authenticate"), row[0]);
                });
    }

    @Test
    void whoSendsGarbageOrLacksARightIsChallengedAsRfc6750Asks() {
        ROUTES.lines()
                .skip(1)
                .map(AccessMatrixTest::cells)
                .filter(row -> row[2].equals("401"))
                .forEach(row -> {
                    var challenge = call(caller("garbage"), row).header("WWW-Authenticate");
                    assertEquals(
                            "Bearer realm=\"latchkey\", error=\"invalid_token\", error_description=\"The credential is not valid\"",
                            challenge,
                            row[0]);
                });
        var lacking = caller("unscoped").get("/api/v1/tokens");
        assertEquals("insufficient_scope", lacking.path("code"));
        assertEquals(List.of("admin:tenant"), lacking.path("required_scopes"));
        assertEquals(
                "Bearer realm=\"latchkey\", error=\"insufficient_scope\", error_description=\"This takes the scope admin:tenant\", scope=\"admin:tenant\"",
                lacking.header("WWW-Authenticate"));
    }

    private Stream<org.junit.jupiter.api.function.Executable> columns(String[] header, String[] row) {
        return Stream.iterate(2, column -> column < header.length, column -> column + 1)
                .map(column -> () -> {
                    var answer = call(caller(header[column]), row);
                    var what = row[0] + " as " + header[column];
                    assertEquals(
                            Integer.parseInt(row[column]), answer.statusCode(), () -> what + ": " + answer.asString());
                    assertNotNull(answer.header("X-Request-Id"), what);
                    assertEquals(
                            answer.statusCode() >= 400 ? "application/problem+json" : answer.contentType(),
                            answer.contentType(),
                            what);
                });
    }

    private RequestSpecification caller(String name) {
        return callers.getOrDefault(name, Api::anonymous).get();
    }

    private Response call(RequestSpecification caller, String[] row) {
        var methodAndPath = row[0].split("\\s+");
        var path = methodAndPath[1];
        if (path.contains("{token}")) {
            String id = newToken(user, Map.of("name", "x", "scopes", List.of("read:audits")))
                    .path("id");
            path = path.replace("{token}", id);
        }
        if (row[1].startsWith("token=")) {
            caller.contentType(OAuthCalls.FORM).body(row[1].replace("{text}", newToken(user, "read:audits")));
        } else if (row[1].equals("csv")) {
            caller.contentType("text/csv").body("key_id\n");
        } else if (row[1].equals("jsonl")) {
            caller.contentType("application/x-ndjson").body("{}".getBytes(UTF_8));
        } else if (!row[1].isEmpty()) {
            caller.body(row[1].equals("{new}") ? "{\"name\":\"x\",\"scopes\":[\"read:audits\"]}" : row[1]);
        }
        return caller.request(
                methodAndPath[0],
                path.replace("{user}", user.id())
                        .replace("{audit}", audit)
                        .replace("{kid}", "unknown")
                        .replace("{key_id}", "unknown")
                        .replace("{client_id}", "unknown")
                        .replace("{method}", "getMe")
                        .replace("{branch_id}", "unknown")
                        .replace("{user_id}", "unknown"));
    }

    private String newRevokedToken() {
        var token = newToken(user, "admin:tenant");
        as(token).post("/api/v1/tokens/me/revoke").then().statusCode(204);
        return token;
    }

    private String newAudit() {
        String id = user.calls()
                .body("{\"kind\":\"credentials\"}")
                .post("/api/v1/audits")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        Eventually.within(
                30, () -> user.calls().get("/api/v1/audits/" + id).then().body("status", equalTo("completed")));
        return id;
    }

    static String[] cells(String line) {
        return Stream.of(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
    }
}
