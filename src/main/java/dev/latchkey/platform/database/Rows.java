package dev.latchkey.platform.database;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads rows by plain JDBC, in no transaction of the caller's. */
public final class Rows {

    /** What is made of a row. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static final int PATIENCE_MILLIS = 5_000;
    private static final String KEY = "digest";

    private Rows() {}

    /**
     * Rows by digest.
     *
     * @param query asks for the digests that are its one parameter, and yields them in a column {@code digest}
     * @throws IllegalStateException if PostgreSQL does not answer within 5 s
     */
    public static <T> Map<ByteBuffer, T> byDigest(
            DataSource database, String query, List<byte[]> digests, Reader<T> reader) {
        try (var connection = database.getConnection()) {
            // Whoever waits for a connection that is dead waits in vain.
            connection.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
            try {
                return read(connection, query, digests, reader);
            } finally {
                if (!connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, 0);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Credentials cannot be read", e);
        }
    }

    private static <T> Map<ByteBuffer, T> read(
            Connection connection, String query, List<byte[]> digests, Reader<T> reader) throws SQLException {
        var rows = new HashMap<ByteBuffer, T>();
        try (var statement = connection.prepareStatement(query)) {
            statement.setArray(1, connection.createArrayOf("bytea", digests.toArray(byte[][]::new)));
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    rows.put(ByteBuffer.wrap(row.getBytes(KEY)), reader.read(row));
                }
            }
        }
        return rows;
    }

    /** Null for SQL's null. */
    public static @Nullable Long number(ResultSet row, String column) throws SQLException {
        var number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    /** Null for SQL's null. */
    public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
