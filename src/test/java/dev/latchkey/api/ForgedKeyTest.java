package dev.latchkey.api;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.ApiKeys.newBasicKey;
import static org.hamcrest.Matchers.matchesPattern;

import dev.latchkey.platform.crypto.RandomText;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who makes a replica check signatures pays for each, behind a proxy that is trusted. */
@QuarkusTest
@TestProfile(ForgedKeyTest.FewSignatures.class)
class ForgedKeyTest {

    private static final int MOST = 5;

    /** The settings that would be in the way of every other test. */
    public static final class FewSignatures implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "latchkey.http.trusted-proxies",
                    "127.0.0.0/8",
                    "latchkey.limits.signatures-per-minute",
                    Integer.toString(MOST));
        }
    }

    @Test
    void forgedKeysArePaidForByTheAddressThatSendsThem() {
        var key = newBasicKey();
        for (var i = 0; i < MOST; i++) {
            forwardAuth("198.51.100.1", forged(key)).then().statusCode(401).header("X-Latchkey-Code", "NOT_FOUND");
        }
        var refused = forwardAuth("198.51.100.1", forged(key));
        Refusals.problem("one forged key too many", refused, 429, "rate_limited");
        refused.then().header("X-Latchkey-Code", "RATE_LIMITED").header("Retry-After", matchesPattern("\\d+"));
        forwardAuth("198.51.100.2", forged(key)).then().statusCode(401);
    }

    @Test
    void aKeyThatIsKnownPassesWhenItsAddressCanPayNoMore() {
        var known = newBasicKey();
        forwardAuth("198.51.100.3", known).then().statusCode(200);
        for (var i = 0; i < MOST; i++) {
            forwardAuth("198.51.100.3", forged(known));
        }
        forwardAuth("198.51.100.3", forged(known)).then().statusCode(429);
        forwardAuth("198.51.100.3", known).then().statusCode(200).header("X-Latchkey-Code", "VALID");
    }

    @Test
    void aKeyThatIsNotKnownYetWaitsWhereForgedOnesCameFromAndNowhereElse() {
        var key = newBasicKey();
        for (var i = 0; i < MOST; i++) {
            forwardAuth("198.51.100.4", forged(key));
        }
        forwardAuth("198.51.100.4", key).then().statusCode(429);
        forwardAuth("198.51.100.5", key).then().statusCode(200);
    }

    private static Response forwardAuth(String address, String text) {
        return as(text).header("X-Forwarded-For", address).get("/api/v1/forward-auth");
    }

    private static String forged(String key) {
        var signature = Base64.getUrlEncoder().withoutPadding().encodeToString(RandomText.bytes(64));
        return key.substring(0, key.lastIndexOf('.') + 1) + signature;
    }
}
