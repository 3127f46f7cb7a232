package dev.latchkey.platform.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whoever reads the log must not look for a database that is away when it is there. */
class UnavailabilityTest {

    @Test
    void aLockThatDidNotComeIsNotADatabaseThatIsAway() {
        Map.of(
                        "55P03", Unavailability.LOCKED,
                        "25P03", Unavailability.IDLE,
                        "08006", Unavailability.AWAY,
                        "53300", Unavailability.AWAY,
                        "57P01", Unavailability.AWAY)
                .forEach((state, expected) -> assertEquals(
                        Optional.of(expected), Unavailability.of(wrapped(new SQLException("x", state))), state));
        var locked = Unavailability.LOCKED.problem(new SQLException("x", "55P03"));
        assertEquals(CommonProblem.UNAVAILABLE, locked.code());
        assertEquals("5", locked.headers().get("Retry-After"));
        assertFalse(String.valueOf(locked.getMessage()).contains("reach"));
        assertFalse(locked.internal().orElseThrow().contains("away"));
    }

    @Test
    void anotherFailureIsAFaultOfOurs() {
        assertEquals(Optional.empty(), Unavailability.of(wrapped(new SQLException("x", "23505"))));
        assertEquals(Optional.empty(), Unavailability.of(new IllegalStateException("x")));
    }

    private static Throwable wrapped(SQLException failure) {
        return new IllegalStateException("it failed", new RuntimeException(failure));
    }
}
