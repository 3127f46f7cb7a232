package dev.latchkey.api;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a new token is, and that its text is told once. */
@QuarkusTest
class TokenCreationTest {

    private static final List<String> SCOPES = List.of("read:audits");

    @Test
    void aTokenThatAsksForNothingGetsTheDefaultsOfTheContract() {
        var user = newUser();
        newToken(user, Map.of("name", "plain", "scopes", SCOPES))
                .then()
                .body("name", equalTo("plain"))
                .body("environment", equalTo("live"))
                .body("scopes", equalTo(SCOPES))
                .body("rate_limits", equalTo(Map.of("per_minute", 60, "per_hour", 1000, "per_day", 10000)))
                .body("allowed_cidrs", equalTo(List.of()))
                .body("status", equalTo("active"))
                .body("expires_at", nullValue())
                .body("last_used_at", nullValue())
                .body("created_by", equalTo(user.id()))
                .body("team_id", nullValue())
                .body("rotated_from", nullValue())
                .body("metadata", equalTo(Map.of()))
                .body("credits", nullValue());
    }

    @Test
    void theAnswerHoldsExactlyTheFieldsOfTheContract() {
        Map<String, Object> created =
                newToken(newUser(), Map.of("name", "plain", "scopes", SCOPES)).path("");
        assertEquals(
                "allowed_cidrs created_at created_by credits environment expires_at id last_used_at metadata name rate_limits"
                        + " rotated_from scopes status team_id token token_prefix",
                String.join(" ", new java.util.TreeSet<>(created.keySet())));
    }

    @Test
    void aTokenIsWhatWasAskedFor() {
        var fields = new HashMap<String, Object>();
        fields.put("name", "\u00e9t\u00e9 \ud83d\ude00 <b>'\"--");
        fields.put("scopes", List.of("write:audits", "read:audits", "read:audits"));
        fields.put("environment", "test");
        fields.put("expires_at", "2030-06-01T12:00:00.1234567+02:00");
        fields.put("rate_limits", Map.of("per_minute", 5));
        fields.put("allowed_cidrs", List.of("127.0.0.1", "10.0.0.0/8", "127.0.0.1/32"));
        fields.put("metadata", Map.of("a", List.of(1, 2.5, "x", Map.of("b", true))));
        fields.put("credits", Map.of("remaining", 9, "refill", Map.of("amount", 9, "interval", "monthly", "day", 31)));
        var user = newUser();
        var created = newToken(user, fields);
        String id = created.path("id");
        for (var answer : List.of(created, user.calls().get("/api/v1/tokens/" + id))) {
            answer.then()
                    .body("name", equalTo(fields.get("name")))
                    .body("scopes", equalTo(List.of("read:audits", "write:audits")))
                    .body("environment", equalTo("test"))
                    .body("token_prefix", startsWith("lk_test_"))
                    .body("expires_at", equalTo("2030-06-01T10:00:00.123456Z"))
                    .body("rate_limits", equalTo(Map.of("per_minute", 5, "per_hour", 1000, "per_day", 10000)))
                    .body("allowed_cidrs", equalTo(List.of("127.0.0.1/32", "10.0.0.0/8")))
                    .body("metadata.a[1]", equalTo(2.5f))
                    .body("metadata.a[3].b", equalTo(true))
                    .body("credits.remaining", equalTo(9))
                    .body("credits.refill.day", equalTo(31));
        }
    }

    @Test
    void aLifeInDaysAndCreditsAsANumberWillDo() {
        var before = Instant.now();
        var created = newToken(newUser(), Map.of("name", "x", "scopes", SCOPES, "expires_in_days", 30, "credits", 5));
        var expiry = Instant.parse(created.<String>path("expires_at"));
        assertTrue(Duration.between(before, expiry).minusDays(30).abs().compareTo(Duration.ofMinutes(1)) < 0);
        created.then().body("credits", equalTo(creditsWithoutRefill(5)));
    }

    @Test
    void metadataMayHoldWhateverJsonHolds() {
        var metadata =
                "{\"nothing\":null,\"list\":[null,{\"a\":null}],\"big\":123456789012345678901234567890,\"\":\"\"}";
        var answer = newUser()
                .calls()
                .body("{\"name\":\"x\",\"scopes\":[\"read:audits\"],\"metadata\":" + metadata + "}")
                .post("/api/v1/tokens");
        answer.then().statusCode(201);
        var seen = as(answer.path("token")).get("/api/v1/tokens/me");
        seen.then().statusCode(200);
        assertTrue(seen.asString().contains("\"big\":123456789012345678901234567890"), seen.asString());
        assertTrue(seen.asString().contains("\"nothing\":null"), seen.asString());
    }

    @Test
    void aTokenMakesTokensWithNoMoreScopesThanItsOwn() {
        var user = newUser();
        var admin = newToken(user, "admin:tenant");
        as(admin)
                .body(Map.of("name", "child", "scopes", List.of("admin:tenant", "read:*")))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .body("created_by", equalTo(user.id()));
        as(newToken(user, "read:*", "write:audits"))
                .body(Map.of("name", "child", "scopes", SCOPES))
                .post("/api/v1/tokens")
                .then()
                .statusCode(403);
    }

    @Test
    void theTextIsInTheAnswerToCreationAndNowhereElse() {
        var user = newUser();
        var created = newToken(user, Map.of("name", "secret", "scopes", List.of("admin:tenant")));
        String text = created.path("token");
        String id = created.path("id");
        assertEquals(text.substring(0, 12), created.path("token_prefix"));
        var hash = Tables.value("select encode(digest, 'hex') from api_tokens where id = '" + id + "'");
        for (var answer : List.of(
                user.calls().get("/api/v1/tokens"),
                user.calls().get("/api/v1/tokens/" + id),
                user.calls().body(Map.of("name", "renamed")).patch("/api/v1/tokens/" + id),
                as(text).get("/api/v1/tokens/me"),
                as(text).get("/api/v1/tokens/me/usage"),
                as(text).body("{}").post("/api/v1/tokens"),
                user.calls().delete("/api/v1/tokens/" + id),
                as(text).get("/api/v1/tokens/me"))) {
            assertTellsNothingOf(answer, text.substring(12), hash);
            assertTrue(answer.asString().isEmpty() || answer.path("token") == null, answer::asString);
        }
        assertEquals(List.of(), Tables.thatHold(text));
        assertEquals(List.of(), Tables.thatHold(text.substring(12)));
        // The search finds what is there.
        assertEquals(List.of("api_tokens"), Tables.thatHold(hash));
    }

    @Test
    void twoTokensOfOneNameAreTwoTokens() {
        var user = newUser();
        var texts = new HashSet<String>();
        for (var i = 0; i < 3; i++) {
            texts.add(newToken(user, "read:audits"));
        }
        assertEquals(3, texts.size());
        user.calls()
                .get("/api/v1/tokens")
                .then()
                .body("items.name", hasItem("a token"))
                .body("items.size()", equalTo(3));
    }

    @Test
    void creationIsOnRecordWithoutTheText() {
        var user = newUser();
        String id = newToken(user, Map.of("name", "x", "scopes", SCOPES)).path("id");
        assertEquals(
                "session " + user.id() + " 127.0.0.1",
                Tables.value("select actor_kind || ' ' || actor_user || ' ' || address from audit_log"
                        + " where action = 'token.created' and subject_id = '" + id + "'"));
    }

    private static Map<String, Object> creditsWithoutRefill(int remaining) {
        var credits = new HashMap<String, Object>();
        credits.put("remaining", remaining);
        credits.put("refill", null);
        return credits;
    }

    private static void assertTellsNothingOf(Response answer, String... secrets) {
        for (var secret : secrets) {
            assertFalse(answer.asString().contains(secret), answer::asString);
            assertFalse(answer.headers().toString().contains(secret), () -> answer.headers()
                    .toString());
        }
    }
}
