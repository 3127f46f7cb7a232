package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What gateways are told. */
@QuarkusTest
class ForwardAuthTest {

    private static final String PATH = "/api/v1/forward-auth";

    @Test
    void aUsableCredentialPassesWithWhatTheUpstreamWantsToKnow() {
        var owner = newUser();
        var token = newToken(owner, Map.of("name", "a", "scopes", List.of("read:reports", "read:audits")));
        for (var method : List.of("GET", "HEAD")) {
            as(token.path("token"))
                    .queryParam("scope", "read:reports,read:audits")
                    .queryParam("tenant", owner.tenantId())
                    .request(method, PATH)
                    .then()
                    .statusCode(200)
                    .body(emptyString())
                    .header("X-Latchkey-Code", "VALID")
                    .header("X-Latchkey-Key-Id", equalTo(token.path("id")))
                    .header("X-Latchkey-Tenant-Id", owner.tenantId())
                    .header("X-Latchkey-Kind", "api_token")
                    .header("X-Latchkey-Owner", owner.id())
                    .header("X-Latchkey-Scopes", "read:audits read:reports")
                    .header("X-RateLimit-Limit", "60");
        }
    }

    @Test
    void whatLacksACredentialAScopeOrTheTenantDoesNotPass() {
        var token = newToken(newUser(), "read:reports");
        anonymous().get(PATH).then().statusCode(401).header("WWW-Authenticate", "Bearer realm=\"latchkey\"");
        as(token)
                .get(PATH + "?scope=write:audits")
                .then()
                .statusCode(403)
                .header("X-Latchkey-Code", "INSUFFICIENT_SCOPE")
                .body("code", equalTo("insufficient_scope"))
                .body("required_scopes", equalTo(List.of("write:audits")));
        as(token)
                .get(PATH + "?tenant=" + newUser().tenantId())
                .then()
                .statusCode(401)
                .header("X-Latchkey-Code", "NOT_FOUND")
                .body("code", equalTo("invalid_token"));
    }
}
