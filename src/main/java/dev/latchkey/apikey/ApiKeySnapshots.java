package dev.latchkey.apikey;

import dev.latchkey.credential.Credential;
import dev.latchkey.keyrole.KeyRoles;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.database.Rows;
import dev.latchkey.platform.metadata.MetadataColumn;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Keys as decisions need them; read by hand, many in one trip. */
@Singleton
class ApiKeySnapshots {

    // A key that a user made does no more than its maker may do now.
    private static final String FIND = """
            select key.*, maker.disabled_at is null
                and (not key.takes_administrator or maker.role is null or maker.role in ('admin', 'owner')) as is_maker_enabled
            from api_keys as key
            left join users as maker on maker.id = key.created_by
            where key.digest = any(?)
            """;
    private static final MetadataColumn METADATA = new MetadataColumn();

    private final DataSource database;
    private final KeyRoles roles;
    private final ApiKeyMirror mirror;

    ApiKeySnapshots(DataSource database, KeyRoles roles, ApiKeyMirror mirror) {
        this.database = database;
        this.roles = roles;
        this.mirror = mirror;
    }

    /** The keys with these digests, in their order, whatever their state. */
    List<Optional<Credential>> find(List<byte[]> digests) {
        var rows = Rows.byDigest(database, FIND, digests, this::read);
        mirror.show(rows.values());
        return digests.stream()
                .map(digest -> Optional.ofNullable(rows.get(ByteBuffer.wrap(digest))))
                .toList();
    }

    /** Without its maker. */
    Credential of(ApiKey key) {
        return of(key, true);
    }

    private Credential of(ApiKey key, boolean isMakerEnabled) {
        return new Credential(
                key.id,
                key.tenantId,
                Caller.Kind.API_KEY,
                Optional.of(new Credential.Label(key.keyId, key.role)),
                Optional.ofNullable(key.createdBy),
                key.name,
                Scopes.of(key.scopes),
                isMakerEnabled,
                key.createdAt.getEpochSecond(),
                Optional.of(key.expiresAt),
                Optional.ofNullable(key.revokedAt),
                List.of(),
                roles.allowance("api_key:" + key.familyId, key.role, key.perHour),
                Optional.empty(),
                key.metadata);
    }

    private Credential read(ResultSet row) throws SQLException {
        var key = new ApiKey();
        key.id = row.getObject("id", UUID.class);
        key.keyId = row.getString("key_id");
        key.tenantId = row.getObject("tenant_id", UUID.class);
        key.familyId = row.getObject("family_id", UUID.class);
        key.name = row.getString("name");
        key.role = row.getString("role");
        key.scopes = (String[]) row.getArray("scopes").getArray();
        key.perHour = Rows.number(row, "per_hour");
        key.metadata = METADATA.convertToEntityAttribute(row.getString("metadata"));
        key.createdBy = row.getObject("created_by", UUID.class);
        key.createdAt = row.getObject("created_at", OffsetDateTime.class).toInstant();
        key.expiresAt = row.getObject("expires_at", OffsetDateTime.class).toInstant();
        key.revokedAt = Rows.instant(row, "revoked_at");
        return of(key, row.getBoolean("is_maker_enabled"));
    }
}
