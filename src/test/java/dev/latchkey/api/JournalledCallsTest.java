package dev.latchkey.api;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.ApiKeys.newBasicKey;
import static dev.latchkey.api.ApiKeys.newKey;
import static dev.latchkey.api.ApiKeys.validate;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.crypto.RandomText;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is decided without asking Redis, where there is a journal. */
@QuarkusTest
@TestProfile(AsPackaged.class)
class JournalledCallsTest {

    private static final int CALLS = 5;

    @Inject
    MeterRegistry metrics;

    @Test
    void aKeyWithoutALimitIsAskedAboutNowhereAndMeteredNoLess() {
        var key = newKey(Api.admin().calls(), "admin");
        validate(key.<String>path("api_key"));
        var before = decidedByNobody();
        for (var call = 1; call < CALLS; call++) {
            validate(key.<String>path("api_key"))
                    .then()
                    .statusCode(200)
                    .header("X-Latchkey-Limits", nullValue())
                    .header("X-RateLimit-Limit", nullValue());
        }
        assertEquals(before + CALLS - 1, decidedByNobody());
        Eventually.within(
                20,
                () -> assertEquals(
                        List.of(Integer.toString(CALLS)),
                        Tables.values(
                                "select sum(calls)::text from token_usage_events where status = 200 and credential_id = '"
                                        + KeyWatchTest.jti(key) + "'")));
    }

    @Test
    void anAddressPaysForSignaturesFromALeaseAndNeverForMoreThanItMay() {
        var key = newBasicKey();
        var admitted = 0;
        var refused = 0;
        for (var call = 0; call < AsPackaged.SIGNATURES * 6 / 5; call++) {
            var forged = key.substring(0, key.lastIndexOf('.') + 1) + RandomText.base64Url(256);
            var answer = as(forged).header("X-Forwarded-For", "198.51.100.9").get("/api/v1/forward-auth");
            admitted += answer.statusCode() == 401 ? 1 : 0;
            refused += answer.statusCode() == 429 ? 1 : 0;
        }
        assertTrue(metrics.get("latchkey_lease_units").counter().count() > 0, "nothing was leased");
        assertTrue(admitted <= AsPackaged.SIGNATURES, "too many were looked at");
        assertTrue(admitted > AsPackaged.SIGNATURES * 9 / 10, "too much of the budget was lost");
        assertEquals(AsPackaged.SIGNATURES * 6 / 5, admitted + refused);
    }

    private double decidedByNobody() {
        return metrics.find("latchkey_limit_decisions").tag("decided_by", "none").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
