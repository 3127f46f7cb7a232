package dev.latchkey.platform.cache;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks into the outbox over a connection that it keeps. For one thread. */
final class OutboxReader implements AutoCloseable {

    /** Whoever gets as many has not seen all, and forgets everything. */
    static final int MOST = 1000;

    private static final String READ = "select cache, key, audience from platform_invalidations limit " + MOST;
    private static final String STARTING_OR_STOPPING = "57P03";

    private final DirectConnections connections;
    private @Nullable Connection kept;

    OutboxReader(DirectConnections connections) {
        this.connections = connections;
    }

    /**
     * All changes that are committed by now and that Redis may not know.
     *
     * @throws SQLException after some seconds at most, and a new connection is made with the next call
     */
    List<Change> read() throws SQLException {
        var connection = kept;
        if (connection != null) {
            try {
                return InvalidationOutbox.read(connection, READ);
            } catch (SQLException e) {
                close();
                // A connection that broke says nothing of PostgreSQL, as a new one does.
                if (!isBroken(e)) {
                    throw e;
                }
            }
        }
        connection = connections.open();
        kept = connection;
        return InvalidationOutbox.read(connection, READ);
    }

    /** Whether PostgreSQL, or its machine, says that it serves nobody. A silence says nothing: others may reach it. */
    static boolean tellsThatItIsDown(SQLException failure) {
        return STARTING_OR_STOPPING.equals(failure.getSQLState()) || failure.getCause() instanceof ConnectException;
    }

    // Classes 08 (connection) and 57P (ended by an operator) of PostgreSQL, appendix A.
    private static boolean isBroken(SQLException failure) {
        var state = failure.getSQLState();
        return state != null
                && (state.startsWith("08") || state.startsWith("57P"))
                && !(failure.getCause() instanceof SocketTimeoutException);
    }

    @Override
    public void close() {
        var connection = kept;
        kept = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It was broken.
            }
        }
    }
}
