package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.api.VerifyTest.verify;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token bucket beside the windows: it may be added, changed and taken away, and leaves what the windows counted as it is. */
@QuarkusTest
class TokenBurstTest {

    private Someone owner = NOBODY;

    @BeforeEach
    void someone() {
        owner = newUser();
    }

    @Test
    void aBurstAdmitsItsCapacityAtATimeAndTellsWhenTheNextCallFits() {
        var created = newToken(owner, fields(Map.of("burst", Map.of("capacity", 3, "refill_per_second", 0.01))));
        created.then()
                .body("rate_limits.burst.capacity", equalTo(3))
                .body("rate_limits.burst.refill_per_second", equalTo(0.01f));
        String token = created.path("token");
        var codes = Together.run(30, number -> owner.calls()
                .body(Map.of("token", token))
                .post("/api/v1/verify")
                .<String>path("code"));
        assertEquals(3, codes.stream().filter("VALID"::equals).count());
        verify(owner, Map.of("token", token))
                .body("code", equalTo("RATE_LIMITED"))
                .body("violated_policies", equalTo(List.of("burst")))
                .body("retry_after", allOf(greaterThan(0), lessThanOrEqualTo(100)))
                .body("rate_limits[0].remaining", equalTo(57));
        as(token)
                .get("/api/v1/tokens/me")
                .then()
                .statusCode(429)
                .header("RateLimit", startsWith("\"burst\";r=0;"))
                .header("RateLimit-Policy", containsString("\"burst\";q=3;w=300"));
        Eventually.within(30, () -> owner.calls()
                .get("/api/v1/tokens/" + created.path("id") + "/usage")
                .then()
                .body("violated", equalTo(List.of(Map.of("policy", "burst", "requests", 28)))));
    }

    @Test
    void aBurstThatIsAddedAndTakenAwayLeavesTheWindowsAsTheyAre() {
        var created = newToken(owner, fields(Map.of("per_minute", 3)));
        String token = created.path("token");
        verify(owner, Map.of("token", token, "cost", 2)).body("rate_limits[0].remaining", equalTo(1));
        change(created.path("id"), "{\"burst\":{\"capacity\":10,\"refill_per_second\":10000}}");
        verify(owner, Map.of("token", token))
                .body("rate_limits.name", equalTo(List.of("minute", "hour", "day", "burst")))
                .body("rate_limits[0].remaining", equalTo(0));
        verify(owner, Map.of("token", token)).body("violated_policies", equalTo(List.of("minute")));
        change(created.path("id"), "{\"per_hour\":500,\"burst\":null}");
        verify(owner, Map.of("token", token, "cost", 0)).body("rate_limits[3].name", equalTo("burst"));
        change(created.path("id"), "{\"burst\":{},\"concurrent_requests\":{}}");
        verify(owner, Map.of("token", token))
                .body("rate_limits.name", equalTo(List.of("minute", "hour", "day")))
                .body("violated_policies", equalTo(List.of("minute")));
        owner.calls()
                .get("/api/v1/tokens/" + created.path("id"))
                .then()
                .body("rate_limits", equalTo(Map.of("per_minute", 3, "per_hour", 500, "per_day", 10000)));
    }

    @Test
    void aSuccessorGoesOnWithTheBurstOfItsForerunner() {
        var burst = Map.of("capacity", 2, "refill_per_second", 0.01);
        var created = newToken(owner, fields(Map.of("burst", burst)));
        verify(owner, Map.of("token", created.<String>path("token"), "cost", 2)).body("code", equalTo("VALID"));
        var rotated = owner.calls().body("{}").post("/api/v1/tokens/" + created.path("id") + "/rotate");
        rotated.then().body("rate_limits.burst.capacity", equalTo(2));
        verify(owner, Map.of("token", rotated.<String>path("token")))
                .body("violated_policies", equalTo(List.of("burst")));
    }

    @Test
    void aChangeOfLimitsIsOnRecordWithWhatWasThereBefore() {
        var created = newToken(owner, fields(Map.of("per_minute", 3)));
        change(created.path("id"), "{\"concurrent_requests\":{\"limit\":2,\"lease_seconds\":30}}");
        var details = Tables.value("select details from audit_log where action = 'token.updated' and subject_id = '"
                + created.path("id") + "'");
        assertThat(
                details,
                allOf(
                        containsString("concurrent_requests"),
                        containsString("lease_seconds"),
                        not(containsString("burst"))));
    }

    private void change(String id, String limits) {
        owner.calls()
                .body("{\"rate_limits\":" + limits + "}")
                .patch("/api/v1/tokens/" + id)
                .then()
                .statusCode(200);
    }

    private static Map<String, Object> fields(Map<String, ?> limits) {
        return Map.of("name", "limited", "scopes", List.of("read:audits"), "rate_limits", limits);
    }
}
