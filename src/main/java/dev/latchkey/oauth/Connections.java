package dev.latchkey.oauth;

import dev.latchkey.grant.Grant;
import dev.latchkey.grant.Grants;
import dev.latchkey.oauthclient.OauthClientEvent;
import dev.latchkey.oauthclient.OauthClients;
import dev.latchkey.platform.cache.NearCache;
import dev.latchkey.platform.cache.NearCaches;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** The connections of branches, as this replica knows them. */
@Singleton
class Connections {

    private static final int MOST_KNOWN = 10_000;

    /** @param grant empty if no account was ever connected */
    record Connection(long number, boolean isActive, Optional<Grant> grant) {}

    private final OauthClients clients;
    private final Grants grants;
    private final NearCache<Connection> known;

    Connections(OauthClients clients, Grants grants, NearCaches caches) {
        this.clients = clients;
        this.grants = grants;
        this.known = caches.create(Grants.CACHE, MOST_KNOWN);
    }

    Uni<Optional<Connection>> find(UUID tenantId, String branchId) {
        return known.get(Grants.key(tenantId, branchId), () -> QuarkusTransaction.requiringNew()
                .call(() -> load(tenantId, branchId)));
    }

    /** Empty where this replica does not know it. */
    Optional<Connection> glance(UUID tenantId, String branchId) {
        return known.glance(Grants.key(tenantId, branchId)).flatMap(found -> found);
    }

    private Optional<Connection> load(UUID tenantId, String branchId) {
        return clients.ofBranch(tenantId, branchId)
                .map(client -> new Connection(client.number, client.isActive, grants.find(client.id)));
    }

    void onClientChanged(@Observes OauthClientEvent event) {
        grants.announce(event.tenantId(), event.branchId());
    }
}
