package dev.latchkey.grant;

import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.platform.cache.Invalidations;
import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.database.Statements;
import dev.latchkey.provider.Tokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The rows of grants. Each write is one statement that says which version it was made for, and tells all replicas. Leases go by PostgreSQL's clock,
 * which all replicas share.
 */
@ApplicationScoped
public class Grants {

    /** The near cache of what a branch's connection is. */
    public static final String CACHE = "oauth_connections";

    private static final String READ = "select " + Grant.COLUMNS + " from oauth_grants where client_id = ?";

    private static final String LEASE = """
            update oauth_grants set is_interrupted = is_interrupted or lease_owner is not null, lease_owner = ?,
                lease_until = clock_timestamp() + make_interval(secs => ?)
            where client_id = ? and version = ? and (lease_until is null or lease_until <= clock_timestamp())
            returning\s""" + Grant.COLUMNS;

    private static final String LEASE_DUE = """
            update oauth_grants set is_interrupted = is_interrupted or lease_owner is not null, lease_owner = ?,
                lease_until = clock_timestamp() + make_interval(secs => ?)
            where client_id in (
                select client_id from oauth_grants
                where due_at <= ? and (lease_until is null or lease_until <= clock_timestamp())
                order by due_at limit ? for update skip locked)
            returning\s""" + Grant.COLUMNS;

    private static final String CONNECT = """
            insert into oauth_grants (client_id, tenant_id, version, kind, state, access_sealed, refresh_sealed, key_id, token_type, scope,
                expires_at, life_seconds, connected_at, due_at, failures)
            values (?, ?, 1, ?, 'connected', ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
            on conflict (client_id) do update set version = oauth_grants.version + 1, kind = excluded.kind, state = 'connected',
                access_sealed = excluded.access_sealed, refresh_sealed = excluded.refresh_sealed, key_id = excluded.key_id,
                token_type = excluded.token_type, scope = excluded.scope, expires_at = excluded.expires_at,
                life_seconds = excluded.life_seconds, connected_at = excluded.connected_at, due_at = excluded.due_at,
                last_refreshed_at = null, failures = 0, last_failure = null, last_failure_at = null, lease_owner = null,
                lease_until = null, is_interrupted = false""";

    private static final String REFRESHED = """
            update oauth_grants set version = version + 1, state = 'connected', access_sealed = ?, refresh_sealed = ?, key_id = ?,
                token_type = ?, scope = coalesce(?, scope), expires_at = ?, life_seconds = ?, last_refreshed_at = ?, due_at = ?,
                failures = 0, last_failure = null, lease_owner = null, lease_until = null, is_interrupted = false
            where client_id = ? and version = ? and lease_owner = ?""";

    private static final String FAILED = """
            update oauth_grants set version = version + 1, state = ?, failures = failures + 1, last_failure = ?, last_failure_at = ?, due_at = ?,
                lease_owner = null, lease_until = null
            where client_id = ? and version = ? and lease_owner = ?""";

    private static final String REVOKE = """
            update oauth_grants set version = version + 1, state = 'revoked', failures = 0, due_at = ?, lease_owner = null, lease_until = null
            where client_id = ? and state <> 'revoked'
            returning\s""" + Grant.COLUMNS;

    private static final String REVOKE_LATER = """
            update oauth_grants set due_at = ?, failures = failures + 1, lease_owner = null, lease_until = null
            where client_id = ? and version = ? and state = 'revoked'""";

    private static final String FORGET = """
            update oauth_grants set access_sealed = null, refresh_sealed = null, key_id = null, due_at = null, lease_owner = null,
                lease_until = null
            where client_id = ? and version = ? and state = 'revoked'""";

    private static final String FORGET_UNREADABLE = FORGET.replace("and version = ? ", "");

    private final Statements statements;
    private final Sealer sealer;
    private final Invalidations invalidations;

    Grants(DataSource database, Sealer sealer, Invalidations invalidations) {
        this.statements = new Statements(database);
        this.sealer = sealer;
        this.invalidations = invalidations;
    }

    @Produces
    @Singleton
    static SealedTable sealedTable() {
        return Grant.TABLE;
    }

    /** In the caller's transaction, if there is one. */
    public Optional<Grant> find(UUID clientId) {
        return statements.query(row -> Grant.read(row, sealer), READ, clientId).stream()
                .findFirst();
    }

    /** Takes the lease; empty if the grant is another version by now, or somebody else has the lease. */
    @Transactional(Transactional.TxType.REQUIRES_NEW)
    public Optional<Grant> lease(Grant grant, UUID owner, Duration length) {
        return statements
                .query(row -> Grant.read(row, sealer), LEASE, owner, seconds(length), grant.clientId(), grant.version())
                .stream()
                .findFirst();
    }

    /** Takes the leases of what is due, longest first; also of what cannot be read, which is left out. */
    @Transactional(Transactional.TxType.REQUIRES_NEW)
    public List<Grant> leaseDue(UUID owner, Duration length, Instant now, int most) {
        return statements
                .query(row -> Grant.readIfReadable(row, sealer), LEASE_DUE, owner, seconds(length), now, most)
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** In the caller's transaction, as all that follow. */
    void connect(OauthClient client, GrantKind kind, Tokens tokens, Life life, Instant now) {
        var sealed = new SealedTokens(client.id, tokens.accessToken(), tokens.refreshToken(), sealer);
        statements.update(
                CONNECT,
                client.id,
                client.tenantId,
                kind.word(),
                sealed.access(),
                sealed.refresh(),
                sealed.keyId(),
                tokens.tokenType(),
                tokens.scope(),
                life.expiresAt(),
                life.seconds(),
                now,
                life.dueAt());
        announce(client.tenantId, client.branchId);
    }

    /** False if a newer grant is there, or the lease was lost. */
    boolean refreshed(Grant grant, UUID owner, Tokens tokens, Life life, Instant now) {
        var refresh = tokens.refreshToken().or(grant::refreshToken);
        var sealed = new SealedTokens(grant.clientId(), tokens.accessToken(), refresh, sealer);
        return changed(
                grant,
                REFRESHED,
                sealed.access(),
                sealed.refresh(),
                sealed.keyId(),
                tokens.tokenType(),
                tokens.scope(),
                life.expiresAt(),
                life.seconds(),
                now,
                life.dueAt(),
                grant.clientId(),
                grant.version(),
                owner);
    }

    /** False if a newer grant is there, or the lease was lost. */
    boolean failed(Grant grant, UUID owner, GrantState state, String why, Optional<Instant> dueAt, Instant now) {
        return changed(grant, FAILED, state.word(), why, now, dueAt, grant.clientId(), grant.version(), owner);
    }

    /**
     * What was revoked by this: nothing, or one grant, which is empty if it cannot be read.
     *
     * @param dueAt when the provider is to be told
     */
    List<Optional<Grant>> revoke(OauthClient client, Instant dueAt) {
        var revoked = statements.query(row -> Grant.readIfReadable(row, sealer), REVOKE, dueAt, client.id);
        if (!revoked.isEmpty()) {
            announce(client.tenantId, client.branchId);
        }
        if (revoked.contains(Optional.<Grant>empty())) {
            // Nobody can be told of it.
            statements.update(FORGET_UNREADABLE, client.id);
        }
        return revoked;
    }

    void revokeLater(Grant grant, Instant dueAt) {
        statements.update(REVOKE_LATER, dueAt, grant.clientId(), grant.version());
    }

    /** Drops the tokens of what was revoked. */
    void forget(Grant grant) {
        statements.update(FORGET, grant.clientId(), grant.version());
    }

    private boolean changed(Grant grant, String sql, @Nullable Object... values) {
        var changed = statements.update(sql, values) > 0;
        if (changed) {
            announce(grant.tenantId(), grant.branchId());
        }
        return changed;
    }

    /** The key of a branch in {@link #CACHE}. */
    public static String key(UUID tenantId, String branchId) {
        return tenantId + "/" + branchId;
    }

    /** Of this branch something else is true from now on. */
    public void announce(UUID tenantId, String branchId) {
        invalidations.announce(CACHE, key(tenantId, branchId), tenantId);
    }

    private static double seconds(Duration length) {
        return length.toMillis() / 1000.0;
    }
}
