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
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Writes what became of grants, and tells of each change of state. */
@ApplicationScoped
public class GrantChanges {

    private static final String INTERRUPTED = "refresh_interrupted";
    private static final int LONGEST_REASON = 200;

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
        var written = grants.refreshed(
                grant, owner, tokens, Life.of(tokens.livingAs(grant.life()), provider, config.refreshAt(), now), now);
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
        var written = grants.failed(grant, owner, state, cut(why), dueAt, now);
        if (written && grant.state() != state) {
            tell(grant.tenantId(), grant.clientId(), state, "oauth_grant." + state.word(), why);
        }
        return written;
    }

    /** Revokes here; the provider is told afterwards, or when it is due. What was revoked by this: nothing, or one grant, which is empty if it cannot be read. */
    @Transactional
    public List<Optional<Grant>> revoked(OauthClient client, Instant now) {
        var revoked = grants.revoke(client, now.plus(config.retryAfter()));
        if (!revoked.isEmpty()) {
            tell(client.tenantId, client.id, GrantState.REVOKED, "oauth_grant.revoked", "");
        }
        return revoked;
    }

    /** The provider knows, or never will. */
    @Transactional
    public void forgotten(Grant grant) {
        grants.forget(grant);
    }

    /** The provider could not be told yet. */
    @Transactional
    public void revocationFailed(Grant grant, Instant dueAt) {
        grants.revokeLater(grant, dueAt);
    }

    private static String cut(String why) {
        return why.length() <= LONGEST_REASON ? why : why.substring(0, LONGEST_REASON);
    }

    private void tell(UUID tenantId, UUID clientId, GrantState state, String action, String why) {
        var entry = AuditEntry.of(tenantId, action, "oauth_grant", clientId);
        audit.record(why.isEmpty() ? entry : entry.with("reason", why));
        events.fire(new GrantEvent(tenantId, clientId, state, why));
    }
}
