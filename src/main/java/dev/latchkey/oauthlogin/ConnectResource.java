package dev.latchkey.oauthlogin;

import dev.latchkey.oauthclient.ClientReference;
import dev.latchkey.oauthlogin.Connecting.Connected;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Scopes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** Connecting without a browser of the account's owner before us. */
@Path("/token-management")
@Produces(MediaType.APPLICATION_JSON)
@Access(scopes = Scopes.ADMIN_TENANT)
@Tag(name = "OAuth connections")
class ConnectResource {

    private final ClientConnections clients;
    private final CurrentCaller caller;

    ConnectResource(ClientConnections clients, CurrentCaller caller) {
        this.clients = clients;
        this.caller = caller;
    }

    @POST
    @Path("/oauth/client-credentials/{client_id}")
    @Operation(
            summary = "Connect a client as itself",
            description =
                    "By its own id and secret (RFC 6749, section 4.4), for nobody's account. From then on there is a token for its branch, as after a login.")
    public Connected connect(@RestPath("client_id") String clientId) {
        return clients.connect(caller.get().tenantId(), ClientReference.of(clientId));
    }
}
