package dev.latchkey.usage;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** What is known of the use of credentials, at most a moment behind: events show when they have left the stream. */
@ApplicationScoped
public class UsageQueries {

    private static final String LAST_USE = "select credential_id, at from usage_last_use where credential_id = any(?)";
    private static final String SCOPES =
            "select credential_id, scope from usage_scope_use where credential_id = any(?)";

    private interface Reading<T> {
        T read(Connection connection) throws SQLException;
    }

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private final DataSource database;

    UsageQueries(DataSource database) {
        this.database = database;
    }

    /** Nothing but zeros for a credential of another tenant, or one that does not exist. */
    public UsageReport ofCredential(UUID tenantId, UUID credentialId, UsageRange range) {
        return read(connection -> ReportQuery.ofCredential(range).run(connection, tenantId, credentialId));
    }

    /** All credentials that the user made, within the tenant. */
    public UsageReport ofUser(UUID tenantId, UUID userId, UsageRange range) {
        return read(connection -> ReportQuery.ofUser(range).run(connection, tenantId, userId));
    }

    /** When each credential was last used; without those that never were. Ask only for credentials of the caller's tenant. */
    public Map<UUID, Instant> lastUse(Collection<UUID> credentialIds) {
        var lastUse = new HashMap<UUID, Instant>();
        each(LAST_USE, credentialIds, row -> lastUse.put(row.getObject(1, UUID.class), instant(row)));
        return lastUse;
    }

    /** The scopes that each credential ever used; without those that used none. Ask only for credentials of the caller's tenant. */
    public Map<UUID, Set<String>> scopesUsed(Collection<UUID> credentialIds) {
        var scopes = new HashMap<UUID, Set<String>>();
        each(SCOPES, credentialIds, row -> scopes.computeIfAbsent(row.getObject(1, UUID.class), id -> new HashSet<>())
                .add(row.getString(2)));
        return scopes;
    }

    private void each(String sql, Collection<UUID> credentialIds, RowReader reader) {
        read(connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("uuid", credentialIds.toArray()));
                eachRow(statement, reader);
            }
            return credentialIds;
        });
    }

    private static void eachRow(PreparedStatement statement, RowReader reader) throws SQLException {
        try (var row = statement.executeQuery()) {
            while (row.next()) {
                reader.read(row);
            }
        }
    }

    private <T> T read(Reading<T> reading) {
        try (var connection = database.getConnection()) {
            return reading.read(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Usage cannot be read", e);
        }
    }

    private static Instant instant(ResultSet row) throws SQLException {
        return row.getObject(2, OffsetDateTime.class).toInstant();
    }
}
