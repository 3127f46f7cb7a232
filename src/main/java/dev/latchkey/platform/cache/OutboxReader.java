package dev.latchkey.platform.cache;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks into the outbox, over a connection that it keeps: if it had to wait for one in a rush, the caches would be bypassed, and the rush
 * be greater. For one thread.
 */
final class OutboxReader implements AutoCloseable {

    /** Whoever gets as many has not seen all, and forgets everything. */
    static final int MOST = 1000;

    private static final String READ = "select cache, key from platform_invalidations limit " + MOST;
    private static final int PATIENCE_MILLIS = 2000;
    private static final int ATTEMPTS = 50;
    private static final String STARTING_OR_STOPPING = "57P03";

    private final DataSource database;
    private @Nullable Connection kept;

    OutboxReader(DataSource database) {
        this.database = database;
    }

    /**
     * All changes that are committed by now and that Redis may not know.
     *
     * @throws SQLException after two seconds at most, and a new connection is made with the next call
     */
    List<Change> read() throws SQLException {
        for (var attempt = 1; ; attempt++) {
            try {
                return InvalidationOutbox.read(connection(), READ);
            } catch (SQLException e) {
                close();
                // One that was good until now says nothing about the next, and a restart breaks all that are in the
                // pool.
                if (attempt == ATTEMPTS || !isBroken(e)) {
                    throw e;
                }
            }
        }
    }

    /** Whether PostgreSQL, or its machine, says that it serves nobody. A silence says nothing: others may reach it. */
    static boolean tellsThatItIsDown(SQLException failure) {
        return STARTING_OR_STOPPING.equals(failure.getSQLState()) || failure.getCause() instanceof ConnectException;
    }

    private static boolean isBroken(SQLException failure) {
        var state = failure.getSQLState();
        return state != null
                && (state.startsWith("08") || state.startsWith("57P"))
                && !tellsThatItIsDown(failure)
                && !(failure.getCause() instanceof SocketTimeoutException);
    }

    @Override
    public void close() {
        var connection = kept;
        kept = null;
        if (connection != null) {
            try (connection) {
                connection.setNetworkTimeout(Runnable::run, 0);
            } catch (SQLException e) {
                // It is broken, and the pool throws it away.
            }
        }
    }

    private Connection connection() throws SQLException {
        var connection = kept;
        if (connection == null) {
            connection = database.getConnection();
            kept = connection;
            connection.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
        }
        return connection;
    }
}
