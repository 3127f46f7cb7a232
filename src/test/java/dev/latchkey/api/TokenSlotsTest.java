package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.api.VerifyTest.verify;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many calls of a token may be under way at once: exactly so many, until one of them is over, or its lease is. */
@QuarkusTest
class TokenSlotsTest {

    private static final String RELEASE = "/api/v1/verify/release";

    private Someone owner = NOBODY;

    @BeforeEach
    void someone() {
        owner = newUser();
    }

    @Test
    void ofTwentyTimesTheSlotsAtOnceExactlySoManyCallsAreAdmittedAndOneMoreForEachThatIsOver() {
        var limit = 4;
        String token = token(limit, 3600).path("token");
        var leases = Together.run(
                        20 * limit, number -> ask(token).then().extract().<String>path("lease.id"))
                .stream()
                .filter(lease -> lease != null)
                .toList();
        assertEquals(limit, leases.size());
        assertEquals(limit, leases.stream().distinct().count());
        release(token, leases.getFirst());
        var more = ask(token);
        assertEquals("VALID", more.path("code"));
        assertEquals("RATE_LIMITED", ask(token).path("code"));
    }

    @Test
    void theAnswerTellsTheLeaseAndARefusalWhatRefusedAndWhen() {
        String token = token(1, 600).path("token");
        var before = Instant.now();
        var taken = ask(token);
        UUID.fromString(taken.path("lease.id"));
        var ends = Duration.between(before, Instant.parse(taken.path("lease.expires_at")));
        assertTrue(ends.toSeconds() >= 599 && ends.toSeconds() <= 660, ends.toString());
        taken.then()
                .body("rate_limits[3].name", equalTo("concurrent_requests"))
                .body("rate_limits[3].remaining", equalTo(0));
        ask(token)
                .then()
                .body("code", equalTo("RATE_LIMITED"))
                .body("violated_policies", equalTo(List.of("concurrent_requests")))
                .body("rate_limits[0].remaining", equalTo(59))
                .body("lease", nullValue());
        verify(owner, Map.of("token", token, "cost", 0))
                .body("code", equalTo("VALID"))
                .body("lease", nullValue());
        ask(newToken(owner, "read:audits")).then().body("lease", nullValue());
    }

    @Test
    void aSlotWhoseCallerWasKilledIsFreeWhenItsLeaseEnds() {
        String token = token(1, 2).path("token");
        assertEquals("VALID", ask(token).path("code"));
        Eventually.within(30, () -> assertEquals("VALID", ask(token).path("code")));
    }

    @Test
    void aSlotIsGivenBackByItsOwnTenantAndLeaseOnlyAndTheAnswerTellsNothing() {
        String token = token(1, 3600).path("token");
        String lease = ask(token).path("lease.id");
        release(newUser(), token, lease);
        release(owner, token, UUID.randomUUID().toString());
        release(owner, newToken(owner, "read:audits"), lease);
        release(owner, "garbage", lease);
        release(owner, token.substring(0, token.length() - 1), lease);
        assertEquals("RATE_LIMITED", ask(token).path("code"));
        release(token, lease);
        release(token, lease);
        assertEquals("VALID", ask(token).path("code"));
        assertEquals("RATE_LIMITED", ask(token).path("code"));
    }

    @Test
    void theSlotsGoOnThroughARotationAndARevokedTokenGivesBackToo() {
        var created = token(1, 3600);
        String old = created.path("token");
        String lease = ask(old).path("lease.id");
        var rotated = owner.calls().body("{}").post("/api/v1/tokens/" + created.path("id") + "/rotate");
        rotated.then().body("rate_limits.concurrent_requests", equalTo(Map.of("limit", 1, "lease_seconds", 3600)));
        String successor = rotated.path("token");
        assertEquals("RATE_LIMITED", ask(successor).path("code"));
        // The rotation had no grace: the old text is revoked by now.
        release(old, lease);
        assertEquals("VALID", ask(successor).path("code"));
    }

    @Test
    void gatewaysAreToldTheLeaseInAHeaderOnBothWays() {
        for (var way : List.of("Authorization", "X-API-Key")) {
            String token = token(1, 3600).path("token");
            String value = way.equals("X-API-Key") ? token : "Bearer " + token;
            var taken = Api.anonymous().header(way, value).get("/api/v1/forward-auth");
            assertEquals(200, taken.statusCode());
            var refused = Api.anonymous().header(way, value).get("/api/v1/forward-auth");
            refused.then()
                    .statusCode(429)
                    .header("X-Latchkey-Lease", nullValue())
                    .body("violated_policies", equalTo(List.of("concurrent_requests")));
            release(token, taken.header("X-Latchkey-Lease"));
            Api.anonymous()
                    .header(way, value)
                    .get("/api/v1/forward-auth")
                    .then()
                    .statusCode(200);
        }
    }

    @Test
    void callsToTheServiceItselfTakeNoSlot() {
        String token = token(1, 3600).path("token");
        for (var i = 0; i < 3; i++) {
            as(token)
                    .get("/api/v1/tokens/me")
                    .then()
                    .statusCode(200)
                    .body("limits.name", equalTo(List.of("minute", "hour", "day", "concurrent_requests")))
                    .body("limits[3].remaining", equalTo(1));
        }
        assertEquals("VALID", ask(token).path("code"));
    }

    private Response token(int limit, int leaseSeconds) {
        var slots = Map.of("limit", limit, "lease_seconds", leaseSeconds);
        return newToken(
                owner,
                Map.of(
                        "name",
                        "slots",
                        "scopes",
                        List.of("read:audits"),
                        "rate_limits",
                        Map.of("per_minute", 60, "concurrent_requests", slots)));
    }

    private Response ask(String token) {
        return owner.calls().body(Map.of("token", token)).post("/api/v1/verify");
    }

    private void release(String token, String lease) {
        release(owner, token, lease);
    }

    private static void release(Someone asker, String token, String lease) {
        var answer = asker.calls().body(Map.of("token", token, "lease", lease)).post(RELEASE);
        assertEquals(204, answer.statusCode(), answer.asString());
        assertEquals("", answer.asString());
    }
}
