package dev.latchkey.platform.problem;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells a database that is away, or a lock that did not come, from a fault of ours. */
enum Unavailability {
    AWAY("The service cannot reach its database; try again shortly", "PostgreSQL is away"),
    LOCKED(
            "Others were changing the same at this moment; try again shortly",
            "A lock in PostgreSQL did not come in time"),
    IDLE(
            "The service took too long over this; try again shortly",
            "PostgreSQL ended a transaction that stood still with what it had locked");

    private static final int DEEPEST_CAUSE = 20;

    private final String message;
    private final String internal;

    Unavailability(String message, String internal) {
        this.message = message;
        this.internal = internal;
    }

    static Optional<Unavailability> of(Throwable failure) {
        var found = Optional.<Unavailability>empty();
        Throwable cause = failure;
        for (var depth = 0; found.isEmpty() && cause != null && depth < DEEPEST_CAUSE; depth++) {
            found = cause instanceof SQLException sql ? of(sql) : Optional.empty();
            cause = cause.getCause();
        }
        return found;
    }

    Problem problem(Throwable failure) {
        return new Problem(CommonProblem.UNAVAILABLE, message)
                .header("Retry-After", "5")
                .because(internal, failure);
    }

    // Of PostgreSQL, appendix A: 55P03 (lock_not_available) and 25P03 (idle_in_transaction_session_timeout).
    private static Optional<Unavailability> of(SQLException failure) {
        var state = failure.getSQLState();
        if ("55P03".equals(state)) {
            return Optional.of(LOCKED);
        }
        if ("25P03".equals(state)) {
            return Optional.of(IDLE);
        }
        return isConnectionFailure(failure, state) ? Optional.of(AWAY) : Optional.empty();
    }

    // Classes 08 (connection), 53 (resources) and 57P (operator intervention); Agroal times out without a state.
    private static boolean isConnectionFailure(SQLException failure, @Nullable String state) {
        return failure instanceof SQLTransientConnectionException
                || state != null && (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P"))
                || state == null && String.valueOf(failure.getMessage()).contains("Acquisition timeout");
    }
}
