package dev.latchkey.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.api.Api;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A connection that another service kept alive goes on here, with the same provider. */
@QuarkusTest
class ImportedConnectionTest {

    @Test
    void whatHasEndedElsewhereIsRefreshedHereOnce() throws JsonProcessingException {
        var elsewhere = Branch.of(OidcProvider.withLife(600));
        elsewhere.connect();
        var last = elsewhere.refresh();
        last.then().statusCode(200);
        elsewhere.forget();
        var here = new Branch(Api.newUser(), elsewhere.provider(), "moved-" + elsewhere.id(), elsewhere.clientId(), 0);
        var token = Map.of(
                "access_token",
                last.path("access_token"),
                "refresh_token",
                last.path("refresh_token"),
                "token_type",
                "Bearer",
                "created_at",
                "2024-01-02T03:04:05",
                "expires_at",
                "2024-01-02T04:04:05");
        var line = Map.of(
                "client_id",
                here.clientId(),
                "client_secret",
                OidcProvider.SECRET,
                "redirect_uri",
                Branch.here() + Branch.BASE + "/auth/callback",
                "branch_id",
                here.id(),
                "workspace_email",
                "desk@example.test",
                "workspace_name",
                "The desk",
                "token",
                token);
        here.admin()
                .calls()
                .contentType("application/x-ndjson")
                .body(new ObjectMapper().writeValueAsString(line).getBytes(UTF_8))
                .queryParam("provider", here.provider().name())
                .post(Branch.BASE + "/migration/import")
                .then()
                .statusCode(200)
                .body("imported", equalTo(1));
        var served = here.token(60);
        served.then().statusCode(200).body("state", equalTo("connected"));
        assertNotEquals(last.<String>path("access_token"), served.path("access_token"));
        assertTrue(here.isActive(served.path("access_token")));
        assertEquals(new OidcProvider.Chain(2, 0, 1, false), here.chain());
        here.refresh(here.clientId()).then().statusCode(200);
        assertEquals(new OidcProvider.Chain(3, 0, 1, false), here.chain());
    }
}
