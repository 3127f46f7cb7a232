package dev.latchkey.api;

import static dev.latchkey.api.Api.admin;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may ask, and whose limits and usage a question touches. */
@QuarkusTest
class VerifyCallersTest {

    private static final String PATH = "/api/v1/verify";

    private Someone owner = Api.NOBODY;

    @BeforeEach
    void someone() {
        owner = newUser();
    }

    @Test
    void whoMayNotAskIsRefusedAndPaysForIt() {
        var asker = limited("read:*", 2);
        for (var i = 0; i < 2; i++) {
            as(asker)
                    .body(Map.of("token", "x"))
                    .post(PATH)
                    .then()
                    .statusCode(403)
                    .body("code", equalTo("insufficient_scope"))
                    .body("required_scopes", equalTo(List.of("verify:tokens")));
        }
        as(asker).body(Map.of("token", "x")).post(PATH).then().statusCode(429);
    }

    @Test
    void whoMayAskAsksAsOftenAsTheyLike() {
        var asker = limited("verify:tokens", 2);
        var token = newToken(owner, "read:reports");
        for (var i = 0; i < 10; i++) {
            as(asker)
                    .body(Map.of("token", token))
                    .post(PATH)
                    .then()
                    .statusCode(200)
                    .body("code", equalTo("VALID"))
                    .header("RateLimit", nullValue());
        }
        as(asker).get("/api/v1/tokens/me").then().statusCode(200).header("X-RateLimit-Remaining", "1");
    }

    @Test
    void anAskerWhoIsAskedAboutPaysAsEverybodyDoes() {
        var asker = limited("verify:tokens", 2);
        assertEquals(List.of("VALID", "VALID", "RATE_LIMITED"), List.of(ask(asker), ask(asker), ask(asker)));
    }

    @Test
    void theUsageIsThatOfTheOneWhoWasAskedAbout() {
        var token = newToken(owner, Map.of("name", "a", "scopes", List.of("read:reports")));
        String text = token.path("token");
        var asker = newToken(owner, Map.of("name", "b", "scopes", List.of("verify:tokens")));
        var resource = "GET /projects/{id}";
        for (var i = 0; i < 3; i++) {
            ask(asker.path("token"), Map.of("token", text, "resource", resource));
        }
        ask(asker.path("token"), Map.of("token", text, "resource", resource, "scopes", List.of("write:audits")));
        ask(asker.path("token"), Map.of("token", text, "resource", resource, "cost", 0));
        ask(asker.path("token"), Map.of("token", text));
        Eventually.within(30, () -> owner.calls()
                .get("/api/v1/tokens/" + token.path("id") + "/usage")
                .then()
                .statusCode(200)
                .body("total_requests", equalTo(5))
                .body("total_errors", equalTo(1))
                .body("by_endpoint.endpoint", equalTo(List.of(resource, PATH)))
                .body("by_endpoint.requests", equalTo(List.of(4, 1))));
        // One a minute says that it is in use.
        Eventually.within(30, () -> owner.calls()
                .get("/api/v1/tokens/" + asker.path("id") + "/usage")
                .then()
                .body("total_requests", greaterThanOrEqualTo(1))
                .body("total_requests", lessThan(5)));
    }

    @Test
    void aTokenDoesNoMoreThanItsMakerMay() {
        var maker = newUser();
        var token = newToken(maker, "read:reports", "write:audits");
        var tenant = newToken(maker, "verify:tokens");
        assertEquals("VALID", ask(tenant, Map.of("token", token, "scopes", List.of("write:audits"))));
        change(maker, Map.of("role", "guest"));
        // The asker made by a guest may not ask any more: somebody else of the tenant does.
        VerifyTest.verify(colleague(maker), Map.of("token", token, "scopes", List.of("write:audits")))
                .body("code", equalTo("INSUFFICIENT_SCOPE"));
        VerifyTest.verify(colleague(maker), Map.of("token", token, "scopes", List.of("read:reports")))
                .body("code", equalTo("VALID"));
        change(maker, Map.of("disabled", true));
        VerifyTest.verify(colleague(maker), Map.of("token", token)).body("code", equalTo("DISABLED"));
    }

    /** A user of the same tenant. */
    private static Someone colleague(Someone user) {
        var other = newUser();
        Tables.change("update users set tenant_id = ?::uuid where id = ?::uuid", user.tenantId(), other.id());
        return Api.logIn(other.username(), Api.PASSWORD);
    }

    private static void change(Someone user, Map<String, ?> change) {
        admin().calls().body(change).patch("/api/v1/users/" + user.id()).then().statusCode(200);
    }

    private String limited(String scope, int perMinute) {
        return newToken(
                        owner,
                        Map.of("name", "a", "scopes", List.of(scope), "rate_limits", Map.of("per_minute", perMinute)))
                .path("token");
    }

    private static String ask(String token) {
        return ask(token, Map.of("token", token));
    }

    private static String ask(String asker, Map<String, ?> question) {
        return as(asker)
                .body(question)
                .post(PATH)
                .then()
                .statusCode(200)
                .extract()
                .path("code");
    }
}
