package dev.latchkey.grant;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.database.Statements;
import dev.latchkey.provider.Provider;
import dev.latchkey.provider.Tokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;

/** Goes on with grants that another service has kept alive so far. */
@ApplicationScoped
public class ImportedGrants {

    /**
     * What the other service had.
     *
     * @param connectedAt when the account was connected
     * @param expiresAt of the access token; empty if that is not known
     * @param lastRefreshedAt when the access token was given, if not at the beginning
     */
    public record Kept(
            Secret accessToken,
            Optional<Secret> refreshToken,
            String tokenType,
            Optional<String> scope,
            Instant connectedAt,
            Optional<Instant> expiresAt,
            Optional<Instant> lastRefreshedAt) {

        // Not after its end, whatever the other service's clock said.
        private Instant givenAt() {
            var given = lastRefreshedAt.orElse(connectedAt);
            return expiresAt.filter(given::isAfter).orElse(given);
        }

        private Tokens tokens() {
            return new Tokens(
                    accessToken,
                    refreshToken,
                    tokenType,
                    scope,
                    expiresAt.map(end -> Duration.between(givenAt(), end)));
        }
    }

    private static final String REASON = "imported";

    private static final String INSERT = """
            insert into oauth_grants (client_id, tenant_id, version, state, access_sealed, refresh_sealed, key_id, token_type, scope,
                expires_at, life_seconds, connected_at, last_refreshed_at, due_at, failures)
            values (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)""";

    private final Statements statements;
    private final Sealer sealer;
    private final Grants grants;
    private final AuditLog audit;
    private final Event<GrantEvent> events;
    private final GrantConfig config;

    ImportedGrants(
            DataSource database,
            Sealer sealer,
            Grants grants,
            AuditLog audit,
            Event<GrantEvent> events,
            GrantConfig config) {
        this.statements = new Statements(database);
        this.sealer = sealer;
        this.grants = grants;
        this.audit = audit;
        this.events = events;
        this.config = config;
    }

    /**
     * Stores the first grant of a client whose row is written. In the caller's transaction. What can be refreshed is connected, and due when it would have
     * been if it had been granted to us, or now if nobody knows when it ends; what has ended and cannot be refreshed needs a login.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void add(OauthClient client, Kept kept, Provider provider, Instant now) {
        var life = Life.of(kept.tokens(), provider, config.refreshAt(), kept.givenAt());
        var isOver = life.expiresAt().filter(end -> !end.isAfter(now)).isPresent();
        var mayBeRefreshed = kept.refreshToken().isPresent();
        var state = isOver && !mayBeRefreshed ? GrantState.REAUTHORIZATION_REQUIRED : GrantState.CONNECTED;
        var dueAt = mayBeRefreshed
                ? life.dueAt().or(() -> Optional.of(now))
                : life.dueAt().filter(due -> state == GrantState.CONNECTED);
        insert(client, kept, state, life, dueAt);
        audit.record(AuditEntry.of(client.tenantId, "oauth_grant." + state.word(), "oauth_grant", client.id)
                .with("reason", REASON));
        events.fire(new GrantEvent(client.tenantId, client.id, state, REASON));
        grants.announce(client.tenantId, client.branchId);
    }

    private void insert(OauthClient client, Kept kept, GrantState state, Life life, Optional<Instant> dueAt) {
        var sealed = new SealedTokens(client.id, kept.accessToken(), kept.refreshToken(), sealer);
        statements.update(
                INSERT,
                client.id,
                client.tenantId,
                state.word(),
                sealed.access(),
                sealed.refresh(),
                sealed.keyId(),
                kept.tokenType(),
                kept.scope(),
                life.expiresAt(),
                life.seconds(),
                kept.connectedAt(),
                kept.lastRefreshedAt(),
                dueAt);
    }
}
