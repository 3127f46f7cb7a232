package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Credits are spent one by one, exactly, and the ledger hears of each. */
@QuarkusTest
class VerifyCreditsTest {

    @Inject
    Redis redis;

    private Someone owner = Api.NOBODY;

    @BeforeEach
    void someone() {
        owner = newUser();
    }

    @Test
    void creditsAreCountedDownAndThenExceededAndTheLedgerAgrees() {
        var token = token(Map.of("credits", 3));
        for (var left = 2; left >= 0; left--) {
            verify(token, 1).body("code", equalTo("VALID")).body("credits.remaining", equalTo(left));
        }
        verify(token, 1)
                .body("valid", equalTo(false))
                .body("code", equalTo("USAGE_EXCEEDED"))
                .body("credits.remaining", equalTo(0))
                .body("credits.refill", nullValue())
                .body("violated_policies", equalTo(List.of()))
                .body("retry_after", nullValue());
        ledgerHas(token, 0);
    }

    @Test
    void aCostThatIsNotCoveredTakesNothingAndAPeekLooksOnly() {
        var token = token(Map.of("credits", 5));
        verify(token, 6).body("code", equalTo("USAGE_EXCEEDED")).body("credits.remaining", equalTo(5));
        verify(token, 0).body("code", equalTo("VALID")).body("credits.remaining", equalTo(5));
        verify(token, 5).body("code", equalTo("VALID")).body("credits.remaining", equalTo(0));
        verify(token, 0).body("code", equalTo("VALID")).body("credits.remaining", equalTo(0));
        ledgerHas(token, 0);
    }

    @Test
    void whatTheLimitsRefuseCostsNoCreditsAndWhatCreditsRefuseCountsInNoWindow() {
        var limited = token(Map.of("credits", 10, "rate_limits", Map.of("per_minute", 2)));
        verify(limited, 2).body("code", equalTo("VALID"));
        verify(limited, 1).body("code", equalTo("RATE_LIMITED")).body("credits.remaining", equalTo(8));
        var poor = token(Map.of("credits", 1));
        verify(poor, 2).body("code", equalTo("USAGE_EXCEEDED"));
        verify(poor, 1).body("code", equalTo("VALID")).body("rate_limits[0].remaining", equalTo(59));
    }

    @Test
    void aRefusalForWantOfAScopeCostsNothingInTheLedgerEither() {
        var token = token(Map.of("credits", 3));
        VerifyTest.verify(
                        owner,
                        Map.of("token", token.<String>path("token"), "scopes", List.of("nope:none"), "cost", 1000))
                .body("code", equalTo("INSUFFICIENT_SCOPE"));
        as(token.path("token"))
                .get("/api/v1/forward-auth?scope=nope:none")
                .then()
                .statusCode(403);
        verify(token, 1).body("credits.remaining", equalTo(2));
        ledgerHas(token, 2);
        assertEquals("0", Tables.value("select count(*) from usage_scope_use where scope = 'nope:none'"));
    }

    @Test
    void aBatchIsAdmittedExactlyAsFarAsTheCreditsGo() {
        var token = token(Map.of("credits", 7, "rate_limits", Map.of("per_minute", 1000)));
        JsonPath answer = owner.calls()
                .body(Map.of("items", Collections.nCopies(100, Map.of("token", token.<String>path("token")))))
                .post("/api/v1/verify/batch")
                .jsonPath();
        List<String> codes = answer.getList("items.code");
        assertEquals(7, Collections.frequency(codes, "VALID"), codes::toString);
        assertEquals(93, Collections.frequency(codes, "USAGE_EXCEEDED"), codes::toString);
        ledgerHas(token, 0);
    }

    @Test
    void whatCannotBeDecidedInABatchIsToldInItsPlaceAndTheOthersAreAnswered() {
        var plain = Map.of("token", newToken(owner, "read:reports"));
        var token = token(Map.of("credits", 5));
        var onCredit = Map.of("token", token.<String>path("token"));
        // Redis cannot read its balance, and refuses to decide; credits are not given away then.
        redis.send(Request.cmd(Command.LPUSH)
                        .arg("latchkey:credits:" + token.<String>path("id"))
                        .arg("no balance"))
                .await()
                .indefinitely();
        batch(List.of(plain, onCredit, Map.of("token", "garbage"), plain))
                .statusCode(200)
                .body("items.code", equalTo(List.of("VALID", "UNAVAILABLE", "MALFORMED", "VALID")))
                .body("items[1].valid", equalTo(false))
                .body("items[1].key_id", nullValue())
                .body("items[1].retry_after", equalTo(1))
                .body("items[0].retry_after", nullValue());
        var path = "/api/v1/forward-auth";
        for (var gateway :
                List.of(as(token.path("token")), anonymous().header("X-API-Key", token.<String>path("token")))) {
            gateway.get(path)
                    .then()
                    .statusCode(503)
                    .header("X-Latchkey-Code", "UNAVAILABLE")
                    .header("Retry-After", "1");
        }
        batch(List.of(onCredit, onCredit))
                .statusCode(503)
                .header("Retry-After", "1")
                .body("code", equalTo("unavailable"));
    }

    @Test
    void noTimeIsToldWhereTimeDoesNotHelp() {
        var limited = token(Map.of("rate_limits", Map.of("per_minute", 5)));
        verify(limited, 6)
                .body("code", equalTo("RATE_LIMITED"))
                .body("violated_policies", equalTo(List.of("minute")))
                .body("retry_after", nullValue());
        verify(limited, 5).body("code", equalTo("VALID"));
        verify(limited, 5).body("retry_after", allOf(greaterThan(0), lessThanOrEqualTo(61)));
        var refilled =
                token(Map.of("credits", Map.of("remaining", 0, "refill", Map.of("amount", 9, "interval", "daily"))));
        verify(refilled, 10).body("code", equalTo("USAGE_EXCEEDED")).body("retry_after", nullValue());
        verify(refilled, 9).body("code", equalTo("USAGE_EXCEEDED")).body("retry_after", greaterThan(0));
    }

    private ValidatableResponse batch(List<Map<String, String>> items) {
        return owner.calls()
                .body(Map.of("items", items))
                .post("/api/v1/verify/batch")
                .then();
    }

    @Test
    void aRefillIsShownAndTellsWhenToComeBack() {
        var token =
                token(Map.of("credits", Map.of("remaining", 0, "refill", Map.of("amount", 9, "interval", "daily"))));
        verify(token, 1)
                .body("code", equalTo("USAGE_EXCEEDED"))
                .body("credits.refill.amount", equalTo(9))
                .body("credits.refill.interval", equalTo("daily"))
                .body("retry_after", allOf(greaterThan(0), lessThanOrEqualTo(86_401)));
    }

    @Test
    void aRefillThatIsDueIsAppliedOnceAndIsInTheLedger() {
        var token =
                token(Map.of("credits", Map.of("remaining", 2, "refill", Map.of("amount", 9, "interval", "daily"))));
        verify(token, 1).body("credits.remaining", equalTo(1));
        ledgerHas(token, 1);
        aDayAgo(token, 1);
        verify(token, 1).body("credits.remaining", equalTo(8));
        verify(token, 1).body("credits.remaining", equalTo(7));
        ledgerHas(token, 7);
    }

    @Test
    void anEmptiedRedisGoesOnWithWhatTheLedgerHas() {
        var token = token(Map.of("credits", 3));
        verify(token, 1).body("credits.remaining", equalTo(2));
        ledgerHas(token, 2);
        redis.send(Request.cmd(Command.DEL).arg("latchkey:credits:" + token.<String>path("id")))
                .await()
                .indefinitely();
        verify(token, 2).body("code", equalTo("VALID")).body("credits.remaining", equalTo(0));
        verify(token, 1).body("code", equalTo("USAGE_EXCEEDED"));
        ledgerHas(token, 0);
    }

    @Test
    void aRotatedTokenSharesItsAccountWithItsForerunner() {
        var token = token(Map.of("credits", 3));
        verify(token, 1).body("credits.remaining", equalTo(2));
        var successor =
                owner.calls().body(Map.of("grace_seconds", 60)).post("/api/v1/tokens/" + token.path("id") + "/rotate");
        verify(successor, 1).body("credits.remaining", equalTo(1));
        verify(token, 1).body("credits.remaining", equalTo(0));
        verify(successor, 1).body("code", equalTo("USAGE_EXCEEDED"));
    }

    @Test
    void gatewaysAreToldWhatIsLeftAndThatItIsUsedUp() {
        var token = token(Map.of("credits", 1));
        as(token.path("token"))
                .get("/api/v1/forward-auth")
                .then()
                .statusCode(200)
                .header("X-Latchkey-Credits-Remaining", "0");
        as(token.path("token"))
                .get("/api/v1/forward-auth")
                .then()
                .statusCode(429)
                .header("X-Latchkey-Code", "USAGE_EXCEEDED")
                .body("code", equalTo("usage_exceeded"));
    }

    private Response token(Map<String, ?> fields) {
        var all = new HashMap<String, Object>(fields);
        all.put("name", "counted");
        all.put("scopes", List.of("read:reports"));
        return newToken(owner, all);
    }

    private ValidatableResponse verify(Response token, int cost) {
        return VerifyTest.verify(owner, Map.of("token", token.<String>path("token"), "cost", cost));
    }

    /** The ledger has heard of all calls, and its balance is the sum of its entries. */
    private void ledgerHas(Response token, int remaining) {
        Eventually.within(20, () -> owner.calls()
                .get("/api/v1/tokens/" + token.path("id"))
                .then()
                .body("credits.remaining", equalTo(remaining)));
        assertEquals(
                "0",
                Tables.value(
                        "select count(*) from credit_accounts where balance <> (select sum(amount) from credit_entries where account_id = credit_accounts.id)"));
    }

    /** As if the account had been opened, and Redis had heard of it, a day ago; the ledger's own balance is not read. */
    private void aDayAgo(Response token, int left) {
        Tables.change(
                "update credit_accounts set refilled_at = refilled_at - interval '1 day', settled_at = settled_at - interval '1 day' where id = ?::uuid",
                token.<String>path("id"));
        var state = ByteBuffer.allocate(16)
                .putDouble(left)
                .putDouble(Instant.now().minus(Duration.ofDays(1)).toEpochMilli());
        redis.send(Request.cmd(Command.SET)
                        .arg("latchkey:credits:" + token.<String>path("id"))
                        .arg(state.array()))
                .await()
                .indefinitely();
    }
}
