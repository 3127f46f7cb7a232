package dev.latchkey.oauthlogin;

import dev.latchkey.grant.TokenReads;
import dev.latchkey.oauthclient.ClientReference;
import dev.latchkey.oauthlogin.Connecting.Connected;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.http.CurrentRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
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

    private static final int LONGEST_LOGIN = 8000;

    record DeviceRequest(@NotNull @Size(max = LONGEST_LOGIN) String login) {

        @Override
        public String toString() {
            return "DeviceRequest";
        }
    }

    private final ClientConnections clients;
    private final DeviceLogins devices;
    private final TokenReads reads;
    private final CurrentCaller caller;
    private final CurrentRequest current;

    ConnectResource(
            ClientConnections clients,
            DeviceLogins devices,
            TokenReads reads,
            CurrentCaller caller,
            CurrentRequest current) {
        this.clients = clients;
        this.devices = devices;
        this.reads = reads;
        this.caller = caller;
        this.current = current;
    }

    @POST
    @Path("/oauth/client-credentials/{client_id}")
    @Operation(
            summary = "Connect a client as itself",
            description =
                    "By its own id and secret (RFC 6749, section 4.4), for nobody's account. From then on there is a token for its branch, as after a login.")
    public Connected connect(@RestPath("client_id") String clientId) {
        return told(clients.connect(caller.get().tenantId(), ClientReference.of(clientId)));
    }

    @POST
    @Path("/oauth/device/{client_id}")
    @Operation(
            summary = "Begin a login without a browser",
            description =
                    "The account's owner types `user_code` at `verification_uri`, on whatever device (RFC 8628), while you ask with `login` whether that is done.")
    public DeviceLogins.Begun begin(@RestPath("client_id") String clientId) {
        return devices.begin(caller.get().tenantId(), ClientReference.of(clientId));
    }

    @POST
    @Path("/oauth/device/{client_id}/token")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Has the owner agreed?",
            description =
                    "Connects the account if so. Until then 400 `authorization_pending`, to be asked again after `Retry-After` seconds.")
    public Connected finish(@RestPath("client_id") String clientId, @NotNull @Valid DeviceRequest request) {
        return told(devices.finish(caller.get().tenantId(), ClientReference.of(clientId), request.login()));
    }

    private Connected told(Connected connected) {
        var me = caller.get();
        reads.read(
                me.kind().word(),
                me.id(),
                me.tenantId(),
                connected.branchId(),
                "connect",
                current.find().orElseThrow());
        return connected;
    }
}
