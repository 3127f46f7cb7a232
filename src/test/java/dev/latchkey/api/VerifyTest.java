package dev.latchkey.api;

import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code POST /api/v1/verify} answers. */
@QuarkusTest
class VerifyTest {

    private Someone owner = Api.NOBODY;

    @BeforeEach
    void someone() {
        owner = newUser();
    }

    @Test
    void aUsableTokenIsValidAndToldOf() {
        var token = newToken(
                owner, Map.of("name", "a", "scopes", List.of("read:reports"), "metadata", Map.of("plan", "pro")));
        verify(owner, Map.of("token", token.path("token")))
                .body("valid", equalTo(true))
                .body("code", equalTo("VALID"))
                .body("kind", equalTo("api_token"))
                .body("key_id", equalTo(token.path("id")))
                .body("tenant_id", equalTo(owner.tenantId()))
                .body("owner", equalTo(owner.id()))
                .body("role", nullValue())
                .body("scopes", equalTo(List.of("read:reports")))
                .body("expires_at", nullValue())
                .body("metadata", equalTo(Map.of("plan", "pro")))
                .body("credits", nullValue())
                .body("rate_limits.name", equalTo(List.of("minute", "hour", "day")))
                .body("rate_limits.limit", equalTo(List.of(60, 1000, 10000)))
                .body("rate_limits.remaining", equalTo(List.of(59, 999, 9999)))
                .body("rate_limits.reset", equalTo(List.of(60, 3600, 86400)))
                .body("violated_policies", equalTo(List.of()))
                .body("retry_after", nullValue());
    }

    @Test
    void anotherTenantsTokenCannotBeToldFromNone() {
        var token = newToken(newUser(), "read:reports");
        verify(owner, Map.of("token", token))
                .body("code", equalTo("NOT_FOUND"))
                .body("valid", equalTo(false))
                .body("key_id", nullValue())
                .body("tenant_id", nullValue())
                .body("rate_limits", equalTo(List.of()));
    }

    static ValidatableResponse verify(Someone asker, Map<String, ?> question) {
        return asker.calls()
                .body(new HashMap<>(question))
                .post("/api/v1/verify")
                .then()
                .statusCode(200);
    }
}
