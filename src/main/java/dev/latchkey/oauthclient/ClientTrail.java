package dev.latchkey.oauthclient;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.Map;

/** Puts on record what becomes of clients, and tells it. In the caller's transaction. */
@Singleton
class ClientTrail {

    private final AuditLog audit;
    private final Event<OauthClientEvent> events;

    ClientTrail(AuditLog audit, Event<OauthClientEvent> events) {
        this.audit = audit;
        this.events = events;
    }

    void created(OauthClient client) {
        tell(client, about(client, "oauth_client.created").with("after", client.facts()));
    }

    /** @param before what it was */
    void changed(OauthClient client, Map<String, Object> before, boolean isSecretChanged) {
        var entry = about(client, "oauth_client.changed").changed(before, client.facts());
        if (isSecretChanged) {
            entry.with("secret", "changed");
        }
        tell(client, entry);
    }

    void deleted(OauthClient client) {
        tell(client, about(client, "oauth_client.deleted").with("before", client.facts()));
    }

    private void tell(OauthClient client, AuditEntry entry) {
        audit.record(entry);
        events.fire(new OauthClientEvent(client.tenantId, client.branchId));
    }

    private static AuditEntry about(OauthClient client, String action) {
        return AuditEntry.of(client.tenantId, action, "oauth_client", client.number)
                .with("branch_id", client.branchId);
    }
}
