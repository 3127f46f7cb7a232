package dev.latchkey.platform.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Statements by plain JDBC, in the caller's transaction, if there is one. Their values may be times, optional or null; a statement that fails is an
 * {@link IllegalStateException}.
 */
public final class Statements {

    private final DataSource database;

    public Statements(DataSource database) {
        this.database = database;
    }

    /** What the reader makes of each row. */
    public <T> List<T> query(Rows.Reader<T> reader, String sql, @Nullable Object... values) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            var found = new ArrayList<T>();
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(reader.read(row));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("Rows cannot be read", e);
        }
    }

    /** How many rows it changed. */
    public int update(String sql, @Nullable Object... values) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("A row cannot be written", e);
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (var i = 0; i < values.length; i++) {
            statement.setObject(i + 1, plain(values[i]));
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case Optional<?> optional -> plain(optional.orElse(null));
            case Instant time -> time.atOffset(ZoneOffset.UTC);
            case null, default -> value;
        };
    }
}
