package dev.latchkey.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.platform.id.Uuid7;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code audit_log}, without its place in the chain.
 *
 * @param at to the microsecond, as PostgreSQL keeps it
 * @param details JSON, as it was written
 */
record AuditRow(
        UUID id,
        Instant at,
        @Nullable UUID tenantId,
        String actorKind,
        @Nullable UUID actorId,
        @Nullable UUID actorUser,
        String action,
        String subjectKind,
        String subjectId,
        @Nullable String address,
        @Nullable String requestId,
        String details) {

    /** The chain of the installation's own acts, which belong to no tenant. */
    static final UUID INSTALLATION = new UUID(0, 0);

    /** Takes {@link #values}. */
    static final String INSERT = """
            insert into audit_log (id, at, tenant_id, actor_kind, actor_id, actor_user, action, subject_kind, subject_id, address,
                request_id, details, position, hash)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?, ?)""";

    /** What {@link #read} needs. */
    static final String COLUMNS = """
            id, at, tenant_id, actor_kind, actor_id, actor_user, action, subject_kind, subject_id, address, request_id,
            details::text as details, position, hash""";

    private static final String FORM = "latchkey.audit.row.1";

    /** A row with its place in the chain. */
    record Linked(AuditRow row, long position, byte[] hash) {

        static Linked read(ResultSet result) throws SQLException {
            var hash = result.getBytes("hash");
            // No hash is a wrong one.
            return new Linked(AuditRow.read(result), result.getLong("position"), hash == null ? new byte[0] : hash);
        }

        /** Whether the row is what was written at this place after the row of that hash. */
        boolean isIntactAfter(byte[] previous, ChainKeys keys) {
            return Arrays.equals(hash, row.hash(position, previous, keys));
        }

        /** Whether what this row tells was written at that place; its hash may have moved with it, or have stayed there. */
        boolean isRightAt(long place, byte[] previous, Linked found, ChainKeys keys) {
            var expected = row.hash(place, previous, keys);
            return Arrays.equals(expected, hash) || Arrays.equals(expected, found.hash);
        }
    }

    /** What the service itself tells of a chain, in that chain. */
    static AuditRow ofSystem(UUID chain, String action, String details, Instant now) {
        var tenant = chain.equals(INSTALLATION) ? null : chain;
        return new AuditRow(
                Uuid7.next(),
                now,
                tenant,
                "system",
                null,
                null,
                action,
                "audit_log",
                chain.toString(),
                null,
                null,
                details);
    }

    static AuditRow read(ResultSet result) throws SQLException {
        return new AuditRow(
                result.getObject("id", UUID.class),
                result.getObject("at", OffsetDateTime.class).toInstant(),
                result.getObject("tenant_id", UUID.class),
                result.getString("actor_kind"),
                result.getObject("actor_id", UUID.class),
                result.getObject("actor_user", UUID.class),
                result.getString("action"),
                result.getString("subject_kind"),
                result.getString("subject_id"),
                result.getString("address"),
                result.getString("request_id"),
                result.getString("details"));
    }

    UUID chain() {
        return tenantId == null ? INSTALLATION : tenantId;
    }

    /** The keyed hash over every column, the place and the hash of the row before. */
    byte[] hash(long position, byte[] previous, ChainKeys keys) {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(FORM);
            out.write(previous);
            out.writeLong(position);
            write(out, id);
            write(out, at);
            write(out, tenantId);
            write(out, actorKind);
            write(out, actorId);
            write(out, actorUser);
            write(out, action);
            write(out, subjectKind);
            write(out, subjectId);
            write(out, address);
            write(out, requestId);
            write(out, details);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return keys.hash(bytes.toByteArray());
    }

    // The length leads, lest a character that moves from one column to the next go unseen; null is no empty text.
    private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeInt(-1);
            return;
        }
        var bytes = value.toString().getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** As {@link #INSERT} takes them. */
    @Nullable
    Object[] values(ChainHead end) {
        return new @Nullable Object[] {
            id,
            at.atOffset(ZoneOffset.UTC),
            tenantId,
            actorKind,
            actorId,
            actorUser,
            action,
            subjectKind,
            subjectId,
            address,
            requestId,
            details,
            end.position(),
            end.hash()
        };
    }
}
