package dev.latchkey.platform.problem;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** Tells a database that is away from a fault of ours. */
final class Unavailability {

    private static final int DEEPEST_CAUSE = 20;

    private Unavailability() {}

    static boolean explains(Throwable failure) {
        Throwable cause = failure;
        for (var depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof SQLException sql && isConnectionFailure(sql)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    // Classes 08 (connection), 53 (resources) and 57P (operator intervention), and 55P03 (a lock that did not come), of
    // PostgreSQL, appendix A; Agroal times out without a state.
    private static boolean isConnectionFailure(SQLException failure) {
        var state = failure.getSQLState();
        return failure instanceof SQLTransientConnectionException
                || state != null
                        && (state.startsWith("08")
                                || state.startsWith("53")
                                || state.startsWith("57P")
                                || state.equals("55P03"))
                || state == null && String.valueOf(failure.getMessage()).contains("Acquisition timeout");
    }
}
