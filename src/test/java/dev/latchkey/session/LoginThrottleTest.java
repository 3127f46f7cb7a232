package dev.latchkey.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The count of failed logins, over time. */
@QuarkusTest
class LoginThrottleTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Inject
    EntityManager database;

    @Inject
    SessionConfig config;

    private final String subject = UUID.randomUUID().toString();
    private final AtomicInteger locks = new AtomicInteger();

    @Test
    void theEleventhAttemptInAWindowIsLockedToItsEnd() {
        for (var i = 0; i < 10; i++) {
            assertEquals(Optional.empty(), at(Duration.ofMinutes(i)).attempt(subject, locks::incrementAndGet));
        }
        assertEquals(
                Optional.of(Duration.ofMinutes(5)),
                at(Duration.ofMinutes(10)).attempt(subject, locks::incrementAndGet));
    }

    @Test
    void aLockedAttemptDoesNotMakeTheLockLonger() {
        exhaust();
        for (var i = 0; i < 20; i++) {
            assertTrue(at(Duration.ofMinutes(14))
                    .attempt(subject, locks::incrementAndGet)
                    .isPresent());
        }
        assertEquals(Optional.empty(), at(Duration.ofMinutes(15)).attempt(subject, locks::incrementAndGet));
    }

    @Test
    void eachLockIsToldOnceHoweverManyAttemptsComeUnderIt() {
        exhaust();
        for (var i = 0; i < 20; i++) {
            at(Duration.ofMinutes(14)).attempt(subject, locks::incrementAndGet);
        }
        assertEquals(1, locks.get());
        for (var i = 0; i < 20; i++) {
            at(Duration.ofMinutes(16)).attempt(subject, locks::incrementAndGet);
        }
        assertEquals(2, locks.get());
    }

    @Test
    void whenTheWindowHasPassedTheCountBeginsAnew() {
        exhaust();
        for (var i = 0; i < 10; i++) {
            assertEquals(Optional.empty(), at(Duration.ofMinutes(16)).attempt(subject, locks::incrementAndGet));
        }
        assertEquals(
                Optional.of(Duration.ofMinutes(15)),
                at(Duration.ofMinutes(16)).attempt(subject, locks::incrementAndGet));
    }

    @Test
    void aSuccessWipesTheCountOfItsOwnSubjectOnly() {
        exhaust();
        succeed(subject + "x");
        assertTrue(at(Duration.ofSeconds(1))
                .attempt(subject, locks::incrementAndGet)
                .isPresent());
        succeed(subject);
        assertEquals(Optional.empty(), at(Duration.ofSeconds(1)).attempt(subject, locks::incrementAndGet));
    }

    private void exhaust() {
        for (var i = 0; i < 10; i++) {
            assertEquals(Optional.empty(), at(Duration.ZERO).attempt(subject, locks::incrementAndGet));
        }
        assertTrue(at(Duration.ZERO).attempt(subject, locks::incrementAndGet).isPresent());
    }

    private void succeed(String someone) {
        QuarkusTransaction.requiringNew().run(() -> at(Duration.ZERO).succeeded(someone));
    }

    private LoginThrottle at(Duration afterStart) {
        return new LoginThrottle(database, config, Clock.fixed(START.plus(afterStart), ZoneOffset.UTC));
    }
}
