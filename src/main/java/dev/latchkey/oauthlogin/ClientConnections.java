package dev.latchkey.oauthlogin;

import dev.latchkey.grant.GrantKind;
import dev.latchkey.oauthclient.ClientReference;
import dev.latchkey.oauthclient.OauthClients;
import dev.latchkey.oauthlogin.Connecting.Connected;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.Providers;
import dev.latchkey.provider.TokenEndpoint;
import jakarta.inject.Singleton;
import java.util.UUID;

/** Connects clients that act for themselves, and for nobody's account (RFC 6749, section 4.4). Blocking. */
@Singleton
class ClientConnections {

    private final OauthClients clients;
    private final Providers providers;
    private final TokenEndpoint endpoint;
    private final Connecting connecting;

    ClientConnections(OauthClients clients, Providers providers, TokenEndpoint endpoint, Connecting connecting) {
        this.clients = clients;
        this.providers = providers;
        this.endpoint = endpoint;
        this.connecting = connecting;
    }

    /** @throws Problem {@code not_found}, {@code exchange_failed} */
    Connected connect(UUID tenantId, ClientReference name) {
        var client = clients.getActive(tenantId, name);
        var provider = providers.get(client.provider);
        var reply = endpoint.clientCredentials(provider, clients.identity(client), provider.scope(client.scopes));
        return connecting.connect(client, provider, GrantKind.CLIENT, reply);
    }
}
