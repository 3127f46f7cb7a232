package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.api.OAuthCalls.revoke;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 7009: who ends a credential by its text, and who does not. */
@QuarkusTest
class RevocationTest {

    private static final String ME = "/api/v1/tokens/me";

    private Someone user = NOBODY;
    private String owner = "";

    @BeforeEach
    void someone() {
        user = newUser();
        owner = newToken(user, "admin:tenant");
    }

    @Test
    void whoMayDoAllInTheTenantRevokesAnyCredentialOfItAtOnceAndASecondTimeChangesNothing() {
        for (var caller : List.of(owner, user.accessToken())) {
            var token = newToken(user, Map.of("name", "x", "scopes", List.of("read:audits")));
            as(token.path("token")).get(ME).then().statusCode(200);
            revoke(caller, token.path("token"))
                    .then()
                    .statusCode(200)
                    .header("Content-Length", "0")
                    .body(equalTo(""));
            as(token.path("token")).get(ME).then().statusCode(401).body("code", equalTo("revoked_token"));
            revoke(caller, token.path("token")).then().statusCode(200);
            assertEquals("token.revoked 1", revocations(token.path("id")));
        }
    }

    @Test
    void theAuditLogNamesWhoDidIt() {
        var token = newToken(user, Map.of("name", "x", "scopes", List.of("read:audits")));
        revoke(user.accessToken(), token.path("token")).then().statusCode(200);
        assertEquals(
                user.id(),
                Tables.value(
                        "select max(actor_user::text) from audit_log where action = 'token.revoked' and subject_id = '"
                                + token.path("id") + "'"));
    }

    @Test
    void whatIsDisabledIsRevokedForGoodAllTheSame() {
        var token = newToken(user, Map.of("name", "x", "scopes", List.of("read:audits")));
        var path = "/api/v1/tokens/" + token.path("id");
        user.calls().body("{\"enabled\":false}").patch(path).then().statusCode(200);
        revoke(owner, token.path("token")).then().statusCode(200);
        user.calls().get(path).then().body("status", equalTo("revoked"));
    }

    @Test
    void theTextsThatItReplacedEndWithIt() {
        var old = newToken(user, Map.of("name", "x", "scopes", List.of("read:audits")));
        String successor = user.calls()
                .body("{\"grace_seconds\":3600}")
                .post("/api/v1/tokens/" + old.path("id") + "/rotate")
                .then()
                .statusCode(200)
                .extract()
                .path("token");
        revoke(owner, successor).then().statusCode(200);
        as(old.path("token")).get(ME).then().statusCode(401);
    }

    @Test
    void aCredentialOfNoUseEndsItself() {
        var token = newToken(user, "read:reports");
        revoke(token, token).then().statusCode(200).body(equalTo(""));
        as(token).get(ME).then().statusCode(401).body("code", equalTo("revoked_token"));
    }

    @Test
    void withoutTheScopeItEndsNoOtherAndIsTold() {
        var token = newToken(user, "read:audits");
        for (var caller : List.of(newToken(user, "verify:tokens", "read:audits"), guest().accessToken())) {
            revoke(caller, token)
                    .then()
                    .statusCode(403)
                    .body("code", equalTo("insufficient_scope"))
                    .body("required_scopes", equalTo(List.of("admin:tenant")))
                    .body("error", equalTo("insufficient_scope"));
            as(token).get(ME).then().statusCode(200);
        }
    }

    @Test
    void whatIsUnknownOrOfAnotherTenantIsRevokedToTheCallerAndInTruthNothingHappens() {
        var foreign = newToken(newUser(), Map.of("name", "x", "scopes", List.of("admin:tenant")));
        for (var caller : List.of(owner, user.accessToken(), newToken(user, "read:audits"))) {
            for (var text : List.of(
                    "garbage", "lk_live_" + "0".repeat(36), user.refreshToken(), foreign.<String>path("token"))) {
                revoke(caller, text).then().statusCode(200).body(equalTo(""));
            }
        }
        as(foreign.path("token")).get(ME).then().statusCode(200);
        revoke(Api.admin().accessToken(), foreign.path("token")).then().statusCode(200);
        as(foreign.path("token")).get(ME).then().statusCode(200);
        assertEquals(" 0", revocations(foreign.path("id")));
    }

    /** Of the tenant that the tokens of this test belong to. */
    private Someone guest() {
        var guest = newUser("guest");
        Tables.change("update users set tenant_id = ?::uuid where id = ?::uuid", user.tenantId(), guest.id());
        return Api.logIn(guest.username(), Api.PASSWORD);
    }

    private static String revocations(String id) {
        return Tables.value("select coalesce(max(action), '') || ' ' || count(*) from audit_log"
                + " where action = 'token.revoked' and subject_id = '" + id + "'");
    }
}
