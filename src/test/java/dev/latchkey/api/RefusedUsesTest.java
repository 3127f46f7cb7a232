package dev.latchkey.api;

import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No limit bounds how often a credential is refused for want of a scope: each is counted, and the stream is not filled by them. */
@QuarkusTest
class RefusedUsesTest {

    private static final int BATCHES = 5;
    private static final int REFUSALS = BATCHES * 100;

    @Test
    void manyRefusalsAreCountedEachAndTravelTogether() {
        var owner = newUser();
        var token = newToken(owner, Map.of("name", "a", "scopes", List.of("read:reports")));
        var question = Map.of("token", token.<String>path("token"), "scopes", List.of("write:audits"));
        var before = chunks();
        for (var i = 0; i < BATCHES; i++) {
            owner.calls()
                    .body(Map.of("items", Collections.nCopies(100, question)))
                    .post("/api/v1/verify/batch")
                    .then()
                    .statusCode(200)
                    .body("items.code", equalTo(Collections.nCopies(100, "INSUFFICIENT_SCOPE")));
        }
        Eventually.within(30, () -> owner.calls()
                .get("/api/v1/tokens/" + token.path("id") + "/usage")
                .then()
                .body("total_requests", equalTo(REFUSALS))
                .body("total_errors", equalTo(REFUSALS)));
        var made = chunks() - before;
        assertTrue(made < REFUSALS / 2, () -> made + " entries of the stream");
    }

    @Test
    void usesThatTheDecisionAppendsAreCountedAsThoseOfTheStream() {
        var owner = newUser();
        var token = newToken(owner, "read:reports");
        var before = Meters.count("latchkey_usage_events_total", "way", "stream");
        owner.calls()
                .body(Map.of("items", Collections.nCopies(50, Map.of("token", token))))
                .post("/api/v1/verify/batch")
                .then()
                .body("items.code", equalTo(Collections.nCopies(50, "VALID")));
        var counted = Meters.count("latchkey_usage_events_total", "way", "stream") - before;
        assertTrue(counted >= 50, () -> counted + " uses");
    }

    private static int chunks() {
        return Integer.parseInt(Tables.value("select count(*) from usage_chunks"));
    }
}
