package dev.latchkey.grant;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.provider.Provider;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Refused;
import dev.latchkey.provider.Tokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Writes what became of grants, and tells of each change of state. */
@ApplicationScoped
public class GrantChanges {

    private static final String INTERRUPTED = "refresh_interrupted";

    private final Grants grants;
    private final AuditLog audit;
    private final Event<GrantEvent> events;
    private final GrantConfig config;
    private final Backoff pauses;

    GrantChanges(Grants grants, AuditLog audit, Event<GrantEvent> events, GrantConfig config) {
        this.grants = grants;
        this.audit = audit;
        this.events = events;
        this.config = config;
        this.pauses = new Backoff(config.retryAfter(), config.longestRetryAfter());
    }

    @Transactional
    public void connected(OauthClient client, GrantKind kind, Tokens tokens, Provider provider, Instant now) {
        grants.connect(client, kind, tokens, Life.of(tokens, provider, config.refreshAt(), now), now);
        tell(client.tenantId, client.id, GrantState.CONNECTED, "oauth_grant.connected", "");
    }

    /** False if a newer grant is there. */
    @Transactional
    public boolean refreshed(Grant grant, UUID owner, Tokens tokens, Provider provider, Instant now) {
        var written = grants.refreshed(grant, owner, tokens, Life.of(tokens, provider, config.refreshAt(), now), now);
        if (written && grant.state() != GrantState.CONNECTED) {
            tell(grant.tenantId(), grant.clientId(), GrantState.CONNECTED, "oauth_grant.recovered", "");
        }
        return written;
    }

    /** False if a newer grant is there. */
    @Transactional
    public boolean refused(Grant grant, UUID owner, Refused refused, Instant now) {
        var why = refused.isOver() && grant.isInterrupted() ? INTERRUPTED : refused.error();
        return refused.isOver()
                ? failed(grant, owner, GrantState.REAUTHORIZATION_REQUIRED, why, Optional.empty(), now)
                : failed(
                        grant, owner, GrantState.DEGRADED, why, Optional.of(now.plus(config.longestRetryAfter())), now);
    }

    /** False if a newer grant is there. */
    @Transactional
    public boolean failed(Grant grant, UUID owner, Failed failed, Instant now) {
        var dueAt = now.plus(pauses.pause(grant.failures(), failed.retryAfter().orElse(Duration.ZERO)));
        return failed(grant, owner, GrantState.DEGRADED, failed.why(), Optional.of(dueAt), now);
    }

    private boolean failed(
            Grant grant, UUID owner, GrantState state, String why, Optional<Instant> dueAt, Instant now) {
        var written = grants.failed(grant, owner, state, why, dueAt, now);
        if (written && grant.state() != state) {
            tell(grant.tenantId(), grant.clientId(), state, "oauth_grant." + state.word(), why);
        }
        return written;
    }

    /** Here; the provider is told afterwards, or when it is due. False if there is nothing to revoke. */
    @Transactional
    public boolean revoked(OauthClient client, Instant now) {
        var revoked = grants.revoke(client, now.plus(config.retryAfter()));
        if (revoked) {
            tell(client.tenantId, client.id, GrantState.REVOKED, "oauth_grant.revoked", "");
        }
        return revoked;
    }

    /** The provider knows, or never will. */
    @Transactional
    public void forgotten(UUID clientId) {
        grants.forget(clientId);
    }

    /** The provider could not be told yet. */
    @Transactional
    public void revocationFailed(Grant grant, Instant dueAt) {
        grants.revokeLater(grant.clientId(), dueAt);
    }

    private void tell(UUID tenantId, UUID clientId, GrantState state, String action, String why) {
        var entry = AuditEntry.of(tenantId, action, "oauth_grant", clientId);
        audit.record(why.isEmpty() ? entry : entry.with("reason", why));
        events.fire(new GrantEvent(tenantId, clientId, state, why));
    }
}
