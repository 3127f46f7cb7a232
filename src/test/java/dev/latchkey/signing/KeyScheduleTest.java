package dev.latchkey.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.ApiKeys;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.platform.cache.Invalidations;
import dev.latchkey.platform.cluster.ClusterLock;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys change when it is time, whatever the clock does. */
@QuarkusTest
class KeyScheduleTest {

    private static final Duration ROTATE_EVERY = Duration.ofDays(90);
    private static final Duration PUBLISH_AHEAD = Duration.ofMinutes(10);

    @Inject
    Sealer sealer;

    @Inject
    AuditLog audit;

    @Inject
    ClusterLock lock;

    @Inject
    Invalidations invalidations;

    private Instant started = Instant.EPOCH;
    private KeyAlgorithm algorithm = KeyAlgorithm.ES256;

    /** A current key and a next one that were made now; other tests need such ones too. */
    @BeforeEach
    @AfterEach
    void freshKeys() {
        started = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        at(started, rotation -> {
            rotation.withdraw(kid(KeyState.NEXT));
            rotation.withdraw(kid(KeyState.CURRENT));
        });
    }

    @Test
    void aKeySignsForAsLongAsItShallAndNoLonger() {
        var first = kid(KeyState.CURRENT);
        signUntil(started.plus(ROTATE_EVERY).plus(Duration.ofHours(1)));
        var second = kid(KeyState.NEXT);
        at(started.plus(ROTATE_EVERY).minusSeconds(1), KeyRotation::keepUp);
        assertEquals(first, kid(KeyState.CURRENT));
        at(started.plus(ROTATE_EVERY), KeyRotation::keepUp);
        assertEquals(second, kid(KeyState.CURRENT));
        assertEquals(KeyState.RETIRING, state(first));
        at(started.plus(ROTATE_EVERY).plusSeconds(1), KeyRotation::keepUp);
        assertEquals(second, kid(KeyState.CURRENT), "only once");
    }

    @Test
    void aKeyThatNobodyMayKnowYetDoesNotSign() {
        var current = kid(KeyState.CURRENT);
        var tooEarly = started.plus(PUBLISH_AHEAD).minusSeconds(2);
        var problem = assertThrows(Problem.class, () -> at(tooEarly, KeyRotation::rotate));
        assertEquals("conflict", problem.code().code());
        assertEquals(current, kid(KeyState.CURRENT));
        at(started.plus(PUBLISH_AHEAD), KeyRotation::rotate);
        assertNotEquals(current, kid(KeyState.CURRENT));
    }

    @Test
    void aRetiringKeyVerifiesUntilTheLastTokenItSignedHasExpired() {
        var kid = kid(KeyState.CURRENT);
        var expires = started.plus(Duration.ofDays(365));
        signUntil(expires);
        at(started.plus(PUBLISH_AHEAD), KeyRotation::rotate);
        at(expires, KeyRotation::keepUp);
        assertEquals(KeyState.RETIRING, state(kid));
        at(expires.plus(Duration.ofHours(25)).plusSeconds(1), KeyRotation::keepUp);
        assertEquals(KeyState.RETIRED, state(kid));
    }

    @Test
    void aKeyThatSignedNothingIsRetiredWhenNobodyCanBeAboutToSignWithItAnyMore() {
        var kid = kid(KeyState.CURRENT);
        at(started.plus(ROTATE_EVERY), KeyRotation::keepUp);
        assertEquals(KeyState.RETIRING, state(kid));
        at(started.plus(ROTATE_EVERY).plus(Duration.ofHours(1)).plusSeconds(1), KeyRotation::keepUp);
        assertEquals(KeyState.RETIRED, state(kid));
    }

    @Test
    void aLongerTokenLengthensTheLifeOfItsKey() {
        var kid = kid(KeyState.CURRENT);
        signUntil(started.plusSeconds(60));
        signUntil(started.plus(Duration.ofDays(365)));
        at(started.plus(PUBLISH_AHEAD), KeyRotation::rotate);
        at(started.plus(Duration.ofDays(365)), KeyRotation::keepUp);
        assertEquals(KeyState.RETIRING, state(kid));
    }

    @Test
    void aShorterTokenDoesNotShortenWhatALongerOneNeeds() {
        var expires = started.plus(Duration.ofDays(365));
        signUntil(expires);
        signUntil(started.plusSeconds(60));
        var until = QuarkusTransaction.requiringNew()
                .call(() -> SigningKey.in(KeyState.CURRENT).orElseThrow().signedUntil);
        assertTrue(until != null && !until.isBefore(expires), "signed until " + until);
    }

    @Test
    void aClockThatIsSetBackAnHourNeitherRotatesNorRetires() {
        var current = kid(KeyState.CURRENT);
        signUntil(started.plus(ROTATE_EVERY).plus(Duration.ofHours(1)));
        var next = kid(KeyState.NEXT);
        at(started.minus(Duration.ofHours(1)), KeyRotation::keepUp);
        assertEquals(current, kid(KeyState.CURRENT));
        assertEquals(next, kid(KeyState.NEXT));
        assertThrows(Problem.class, () -> at(started.minus(Duration.ofHours(1)), KeyRotation::rotate));
        at(started.plus(ROTATE_EVERY), KeyRotation::keepUp);
        at(started.plus(ROTATE_EVERY).minus(Duration.ofHours(1)), KeyRotation::keepUp);
        assertEquals(next, kid(KeyState.CURRENT));
        assertEquals(KeyState.RETIRING, state(current));
    }

    @Test
    void anotherAlgorithmTakesOverWithTheNextKeyAndWhatWasSignedGoesOn() {
        var old = Api.newUser();
        algorithm = KeyAlgorithm.RS256;
        try {
            // Until the next key was published long enough, replicas that want another one leave it.
            var unwanted = kid(KeyState.NEXT);
            at(started.plus(PUBLISH_AHEAD).minusSeconds(1), KeyRotation::keepUp);
            assertEquals(unwanted, kid(KeyState.NEXT));
            at(started.plus(PUBLISH_AHEAD), KeyRotation::keepUp);
            at(started.plus(PUBLISH_AHEAD.multipliedBy(2)), KeyRotation::rotate);
            assertEquals(
                    KeyAlgorithm.RS256,
                    QuarkusTransaction.requiringNew()
                            .call(() -> SigningKey.in(KeyState.CURRENT).orElseThrow().algorithm));
            var fresh = Api.newUser();
            for (var user : List.of(old, fresh)) {
                user.calls().get("/api/auth/me").then().statusCode(200);
            }
            String key = ApiKeys.newBasicKey();
            ApiKeys.validate(key).then().statusCode(200);
            assertEquals("RS256", new JsonPath(ApiKeys.part(key, 0)).get("alg"));
            // A header that names another algorithm than the one its key was made for.
            var parts = fresh.accessToken().split("\\.");
            var confused = JwtAttackTest.encode(JwtAttackTest.text(parts[0]).replace("RS256", "ES256"));
            Api.as(confused + "." + parts[1] + "." + parts[2])
                    .get("/api/auth/me")
                    .then()
                    .statusCode(401);
            List<String> algorithms =
                    Api.anonymous().get("/.well-known/jwks.json").path("keys.alg");
            assertTrue(algorithms.contains("RS256") && algorithms.contains("ES256"), algorithms.toString());
        } finally {
            algorithm = KeyAlgorithm.ES256;
            at(started.plus(PUBLISH_AHEAD.multipliedBy(3)), KeyRotation::keepUp);
        }
    }

    private static void signUntil(Instant expiresAt) {
        QuarkusTransaction.requiringNew()
                .run(() -> SigningKey.in(KeyState.CURRENT).orElseThrow().willHaveSignedUntil(expiresAt));
    }

    private void at(Instant now, Consumer<KeyRotation> act) {
        var config = new SigningConfig() {
            @Override
            public KeyAlgorithm algorithm() {
                return algorithm;
            }

            @Override
            public String issuer() {
                return "";
            }

            @Override
            public Duration rotateEvery() {
                return ROTATE_EVERY;
            }

            @Override
            public Duration publishAhead() {
                return PUBLISH_AHEAD;
            }
        };
        var clock = Clock.fixed(now, ZoneOffset.UTC);
        var rotation = new KeyRotation(sealer, audit, lock, config, List.of(), invalidations, clock);
        QuarkusTransaction.requiringNew().run(() -> act.accept(rotation));
    }

    private static String kid(KeyState state) {
        return QuarkusTransaction.requiringNew().call(() -> SigningKey.in(state).orElseThrow().kid);
    }

    private static KeyState state(String kid) {
        return QuarkusTransaction.requiringNew().call(() -> SigningKey.<SigningKey>findById(kid).state);
    }
}
