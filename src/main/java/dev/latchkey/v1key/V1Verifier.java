package dev.latchkey.v1key;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialChanged;
import dev.latchkey.credential.CredentialSummary;
import dev.latchkey.credential.CredentialVerifier;
import dev.latchkey.identity.UserEvent;
import dev.latchkey.keyrole.KeyRole;
import dev.latchkey.keyrole.KeyRoles;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.database.Rows;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Keys of the first version among the kinds of credentials. */
@Singleton
class V1Verifier implements CredentialVerifier {

    private static final String FIND = """
            select key.*, maker.disabled_at is null
                and (not key.takes_administrator or maker.role is null or maker.role in ('admin', 'owner')) as is_maker_enabled
            from v1_keys as key
            left join users as maker on maker.id = key.created_by
            where key.digest = any(?)
            """;

    private final V1Phase phase;
    private final ForeignKeys foreign;
    private final V1Keys keys;
    private final KeyRoles roles;
    private final DataSource database;
    private final Event<CredentialChanged> changes;
    private final Clock clock;

    V1Verifier(
            V1Phase phase,
            ForeignKeys foreign,
            V1Keys keys,
            KeyRoles roles,
            DataSource database,
            Event<CredentialChanged> changes,
            Clock clock) {
        this.phase = phase;
        this.foreign = foreign;
        this.keys = keys;
        this.roles = roles;
        this.database = database;
        this.changes = changes;
        this.clock = clock;
    }

    @Override
    public Caller.Kind kind() {
        return Caller.Kind.V1_KEY;
    }

    @Override
    public boolean recognises(String text) {
        return (V1Texts.isOurs(text) || foreign.any() && V1Texts.couldBeForeign(text)) && !phase.isOff();
    }

    @Override
    public boolean isGenuine(String text) {
        return true;
    }

    @Override
    public boolean isIssued(String text) {
        if (!V1Texts.isOurs(text)) {
            foreign.settle(text);
        }
        return true;
    }

    @Override
    public Work work(String text) {
        return V1Texts.isOurs(text) ? Work.NONE : Work.HASH;
    }

    @Override
    public List<Optional<Credential>> load(List<byte[]> digests) {
        var rows = Rows.byDigest(database, FIND, digests, this::read);
        return digests.stream()
                .map(digest -> Optional.ofNullable(rows.get(ByteBuffer.wrap(digest))))
                .toList();
    }

    @Override
    public void revoke(UUID tenantId, UUID id) {
        keys.revoke(tenantId, id);
    }

    @Override
    public List<CredentialSummary> inventory(UUID tenantId) {
        return V1Key.usable(tenantId, clock.instant()).stream()
                .map(key -> new CredentialSummary(
                        of(key, true), key.keyId, key.createdAt, key.createdAt, Optional.ofNullable(key.replacedAt)))
                .toList();
    }

    /** A suspended user's keys are suspended with them. */
    void onUserEvent(@Observes UserEvent event) {
        if (event instanceof UserEvent.AccessChanged changed) {
            V1Key.madeBy(changed.userId()).forEach(key -> Optional.ofNullable(key.digest)
                    .ifPresent(digest -> changes.fire(CredentialChanged.of(key.tenantId, digest))));
        }
    }

    /** Its scopes are those of its role today; of one whose role is gone it has none, and is disabled. */
    private Credential of(V1Key key, boolean isMakerEnabled) {
        var role = roles.find(key.role);
        return new Credential(
                key.id,
                key.tenantId,
                Caller.Kind.V1_KEY,
                Optional.of(new Credential.Label(key.keyId, key.role)),
                Optional.ofNullable(key.createdBy),
                key.name,
                role.map(KeyRole::scopes).orElse(Scopes.of()),
                isMakerEnabled && role.isPresent(),
                key.createdAt.getEpochSecond(),
                Optional.ofNullable(key.expiresAt),
                Optional.ofNullable(key.revokedAt),
                List.of(),
                roles.allowance("legacy_key:" + key.id, key.role, null),
                Optional.empty(),
                Map.of());
    }

    private Credential read(ResultSet row) throws SQLException {
        var key = new V1Key();
        key.id = row.getObject("id", UUID.class);
        key.keyId = row.getString("key_id");
        key.tenantId = row.getObject("tenant_id", UUID.class);
        key.name = row.getString("name");
        key.role = row.getString("role");
        key.createdBy = row.getObject("created_by", UUID.class);
        key.createdAt = row.getObject("created_at", OffsetDateTime.class).toInstant();
        key.expiresAt = Rows.instant(row, "expires_at");
        key.revokedAt = Rows.instant(row, "revoked_at");
        return of(key, row.getBoolean("is_maker_enabled"));
    }
}
