package dev.latchkey.api;

import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.emptyIterable;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

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

    /** In the order in which the checks run. */
    private static final List<String> FAULTS =
            List.of("REVOKED", "DISABLED", "EXPIRED", "FORBIDDEN_IP", "INSUFFICIENT_SCOPE", "RATE_LIMITED");

    private Someone owner = Api.NOBODY;

    @BeforeEach
    void someone() {
        owner = newUser();
    }

    @Test
    void aUsableTokenIsValidAndToldOf() {
        var token = newToken(
                owner,
                Map.of(
                        "name", "a",
                        "scopes", List.of("read:reports", "read:audits"),
                        "metadata", Map.of("plan", "pro")));
        var answer =
                verify(owner, Map.of("token", token.path("token"))).extract().asString();
        assertEquals(
                ("{\"valid\":true,\"code\":\"VALID\",\"kind\":\"api_token\",\"key_id\":\"%s\",\"tenant_id\":\"%s\",\"owner\":\"%s\","
                                + "\"role\":null,\"scopes\":[\"read:audits\",\"read:reports\"],\"expires_at\":null,"
                                + "\"metadata\":{\"plan\":\"pro\"},\"credits\":null,\"rate_limits\":["
                                + "{\"name\":\"minute\",\"limit\":60,\"remaining\":59,\"reset\":60},"
                                + "{\"name\":\"hour\",\"limit\":1000,\"remaining\":999,\"reset\":3600},"
                                + "{\"name\":\"day\",\"limit\":10000,\"remaining\":9999,\"reset\":86400}],"
                                + "\"violated_policies\":[],\"retry_after\":null}")
                        .formatted(token.path("id"), owner.tenantId(), owner.id()),
                answer);
    }

    @Test
    void ofAnotherTenantsTokenOneThatIsGoneAndGarbageNothingIsToldButTheCode() {
        var nothing =
                "{\"valid\":false,\"code\":\"%s\",\"kind\":null,\"key_id\":null,\"tenant_id\":null,\"owner\":null,"
                        + "\"role\":null,\"scopes\":[],\"expires_at\":null,\"metadata\":{},\"credits\":null,\"rate_limits\":[],"
                        + "\"violated_policies\":[],\"retry_after\":null}";
        var gone = newToken(owner, Map.of("name", "a", "scopes", List.of("read:reports")));
        Tables.change("delete from api_tokens where id = ?::uuid", gone.<String>path("id"));
        assertEquals(nothing.formatted("NOT_FOUND"), answer(owner, gone.path("token")));
        assertEquals(nothing.formatted("MALFORMED"), answer(owner, "garbage"));
        var stranger = newUser();
        assertEquals(nothing.formatted("NOT_FOUND"), answer(owner, newToken(stranger, "read:reports")));
        for (var fault : FAULTS) {
            // Not a word about its state either.
            assertEquals(
                    nothing.formatted("NOT_FOUND"),
                    verify(owner, question(faulty(stranger, List.of(fault)), List.of(fault)))
                            .extract()
                            .asString(),
                    fault);
        }
    }

    @Test
    void theChecksRunInTheirOrderAndTheFirstThatRefusesIsTold() {
        for (var first = 0; first < FAULTS.size(); first++) {
            var faults = FAULTS.subList(first, FAULTS.size());
            var token = faulty(owner, faults);
            verify(owner, question(token, faults))
                    .body("code", equalTo(faults.getFirst()))
                    .body("valid", equalTo(false));
            // And each alone.
            var alone = List.of(faults.getFirst());
            verify(owner, question(faulty(owner, alone), alone)).body("code", equalTo(faults.getFirst()));
        }
        verify(owner, question(faulty(owner, List.of()), List.of())).body("code", equalTo("VALID"));
    }

    @Test
    void aRefusedCheckTakesNothing() {
        var token = newToken(
                        owner,
                        Map.of(
                                "name", "a",
                                "scopes", List.of("read:reports"),
                                "allowed_cidrs", List.of("192.0.2.0/24"),
                                "rate_limits", Map.of("per_minute", 5)))
                .<String>path("token");
        var allowed = Map.of("token", token, "ip", "192.0.2.1");
        verify(owner, Map.of("token", token))
                .body("code", equalTo("FORBIDDEN_IP"))
                .body("rate_limits", emptyIterable());
        verify(owner, with(allowed, "ip", "198.51.100.1")).body("code", equalTo("FORBIDDEN_IP"));
        verify(owner, with(allowed, "scopes", List.of("read:reports", "write:audits")))
                .body("code", equalTo("INSUFFICIENT_SCOPE"))
                .body("rate_limits", emptyIterable());
        verify(owner, with(allowed, "permissions", "write:audits OR write:webhooks"))
                .body("code", equalTo("INSUFFICIENT_SCOPE"));
        verify(owner, with(allowed, "cost", 6)).body("code", equalTo("RATE_LIMITED"));
        verify(owner, with(allowed, "cost", 0))
                .body("code", equalTo("VALID"))
                .body("rate_limits.remaining", equalTo(List.of(5, 1000, 10000)));
    }

    @Test
    void aCostTakesThatManyOrNothing() {
        var token = newToken(
                        owner,
                        Map.of(
                                "name", "a",
                                "scopes", List.of("read:reports"),
                                "rate_limits", Map.of("per_minute", 5)))
                .<String>path("token");
        var question = Map.of("token", token);
        verify(owner, with(question, "cost", 3)).body("rate_limits.remaining", equalTo(List.of(2, 997, 9997)));
        verify(owner, with(question, "cost", 3))
                .body("valid", equalTo(false))
                .body("code", equalTo("RATE_LIMITED"))
                .body("violated_policies", equalTo(List.of("minute")))
                .body("rate_limits.remaining", equalTo(List.of(2, 997, 9997)));
        verify(owner, with(question, "cost", 2)).body("rate_limits.remaining", equalTo(List.of(0, 995, 9995)));
        verify(owner, question).body("code", equalTo("RATE_LIMITED"));
        verify(owner, with(question, "cost", 1_000_000_000))
                .body("violated_policies", equalTo(List.of("minute", "hour", "day")));
    }

    @Test
    void aCostAboveTheLimitIsNeverAdmittedAndNoTimeIsToldForIt() {
        var token = newToken(
                        owner,
                        Map.of(
                                "name", "a",
                                "scopes", List.of("read:reports"),
                                "rate_limits", Map.of("per_minute", 5)))
                .<String>path("token");
        verify(owner, Map.of("token", token, "cost", 6))
                .body("code", equalTo("RATE_LIMITED"))
                .body("violated_policies", equalTo(List.of("minute")))
                .body("retry_after", nullValue());
    }

    @Test
    void aLookTakesNothingHoweverOften() {
        var token = newToken(owner, "read:reports");
        for (var i = 0; i < 3; i++) {
            verify(owner, Map.of("token", token, "cost", 0))
                    .body("code", equalTo("VALID"))
                    .body("rate_limits.remaining", equalTo(List.of(60, 1000, 10000)))
                    .body("rate_limits.reset", equalTo(List.of(0, 0, 0)));
        }
    }

    @Test
    void scopesAreCoveredByWildcardsAndByTheTenantsAdmin() {
        var reader = newToken(owner, "read:*");
        var admin = newToken(owner, "admin:tenant");
        verify(owner, Map.of("token", reader, "scopes", List.of("read:reports", "read:audits")))
                .body("code", equalTo("VALID"))
                .body("scopes", equalTo(List.of("read:*")));
        verify(owner, Map.of("token", reader, "scopes", List.of("write:audits")))
                .body("code", equalTo("INSUFFICIENT_SCOPE"));
        verify(owner, Map.of("token", reader, "permissions", "write:audits or (read:audits and read:reports)"))
                .body("code", equalTo("VALID"));
        verify(owner, Map.of("token", reader, "permissions", "(write:audits or read:audits) and write:webhooks"))
                .body("code", equalTo("INSUFFICIENT_SCOPE"));
        verify(owner, Map.of("token", admin, "scopes", List.of("write:audits", "anything:else")))
                .body("code", equalTo("VALID"));
        verify(owner, Map.of("token", reader, "scopes", List.of())).body("code", equalTo("VALID"));
    }

    @Test
    void anAddressIsOneInWhateverFormItIsWritten() {
        var token = newToken(
                        owner,
                        Map.of(
                                "name", "a",
                                "scopes", List.of("read:reports"),
                                "allowed_cidrs", List.of("192.0.2.0/24", "::1", "2001:db8::/32")))
                .<String>path("token");
        for (var ip : List.of("192.0.2.9", "::ffff:192.0.2.9", "::1", "0:0:0:0:0:0:0:1", "2001:DB8::7")) {
            verify(owner, Map.of("token", token, "ip", ip)).body("code", equalTo("VALID"));
        }
        for (var ip : List.of("192.0.3.9", "::ffff:192.0.3.9", "::2", "2001:db9::")) {
            verify(owner, Map.of("token", token, "ip", ip)).body("code", equalTo("FORBIDDEN_IP"));
        }
    }

    @Test
    void whateverIsNoTokenOfOursIsMalformed() {
        var ours = newToken(owner, "read:reports");
        var swapped = ours.endsWith("A") ? "B" : "A";
        for (var text : List.of(
                "",
                " ",
                "x",
                ours + " ",
                ours.substring(0, ours.length() - 1) + swapped,
                ours.replace("lk_live_", "lk_test_"),
                ours.toUpperCase(java.util.Locale.ROOT),
                "lk_live_" + "0".repeat(36),
                "lk_",
                "Bearer " + ours,
                "x".repeat(8192),
                "lk_live_" + "x".repeat(60_000),
                "\u0000\u0001\u007f",
                "\u00e9\u4e2d\ud83d\ude00",
                "\u202e" + ours,
                "ghp_" + "a".repeat(36),
                "sk_live_" + "b".repeat(24),
                "AKIA" + "C".repeat(16),
                "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
                owner.accessToken(),
                "' or 1=1 --",
                "../../etc/passwd")) {
            verify(owner, Map.of("token", text))
                    .body("code", equalTo("MALFORMED"))
                    .body("valid", equalTo(false));
        }
        verify(owner, Map.of("token", ours)).body("code", equalTo("VALID"));
    }

    @Test
    void aLifeThatEndsIsTold() {
        var token = newToken(owner, Map.of("name", "a", "scopes", List.of("read:reports"), "expires_in_days", 1));
        verify(owner, Map.of("token", token.path("token")))
                .body("expires_at", equalTo(token.path("expires_at")))
                .body("retry_after", nullValue());
    }

    /** A token with these faults, which was never looked at before. */
    static String faulty(Someone owner, List<String> faults) {
        var fields = new HashMap<String, Object>(
                Map.of("name", "a", "scopes", List.of("read:reports"), "rate_limits", Map.of("per_minute", 1)));
        if (faults.contains("FORBIDDEN_IP")) {
            fields.put("allowed_cidrs", List.of("10.0.0.0/8"));
        }
        var token = newToken(owner, fields);
        for (var fault : faults) {
            var change =
                    switch (fault) {
                        case "REVOKED" -> "revoked_at = now()";
                        case "DISABLED" -> "enabled = false";
                        case "EXPIRED" -> "expires_at = now() - interval '1 minute'";
                        default -> "name = name";
                    };
            Tables.change("update api_tokens set " + change + " where id = ?::uuid", token.<String>path("id"));
        }
        return token.path("token");
    }

    private static Map<String, Object> question(String token, List<String> faults) {
        return Map.of(
                "token",
                token,
                "ip",
                "192.0.2.1",
                "scopes",
                faults.contains("INSUFFICIENT_SCOPE") ? List.of("write:audits") : List.of("read:reports"),
                "cost",
                faults.contains("RATE_LIMITED") ? 2 : 1);
    }

    private static Map<String, Object> with(Map<String, ?> question, String field, Object value) {
        var other = new HashMap<String, Object>(question);
        other.put(field, value);
        return other;
    }

    private static String answer(Someone asker, String token) {
        return verify(asker, Map.of("token", token)).extract().asString();
    }

    static ValidatableResponse verify(Someone asker, Map<String, ?> question) {
        return asker.calls()
                .body(new HashMap<>(question))
                .post("/api/v1/verify")
                .then()
                .statusCode(200);
    }
}
