package dev.latchkey.oauthclient;

import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

// The same for all that is below it: of two resources, JAX-RS looks in the one with the longer path alone.
@Path("/token-management")
@Produces(MediaType.APPLICATION_JSON)
@Access(scopes = Scopes.ADMIN_TENANT)
@Tag(name = "OAuth connections")
class OauthClientResource {

    record Registered(
            boolean success,
            String message,
            long clientId,
            String clientOauthId,
            String branchId,
            String email,
            String workspaceName,
            String redirectUri,
            Instant createdAt) {}

    private final ClientRegistration registration;
    private final OauthClients clients;
    private final OauthClientQueries queries;
    private final CurrentCaller caller;

    OauthClientResource(
            ClientRegistration registration, OauthClients clients, OauthClientQueries queries, CurrentCaller caller) {
        this.registration = registration;
        this.clients = clients;
        this.queries = queries;
        this.caller = caller;
    }

    @POST
    @Path("/clients")
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    @Operation(
            summary = "Register a client",
            description = "For one branch, as it was registered with the provider. Its secret is never told again.")
    public Registered register(@NotNull @Valid NewOauthClient request) {
        var client = registration.register(caller.get(), request, registration.provider(request));
        return new Registered(
                true,
                "The client is registered; its login connects the account",
                client.number,
                client.clientOauthId,
                client.branchId,
                client.workspaceEmail,
                client.workspaceName,
                client.redirectUri,
                client.createdAt);
    }

    @GET
    @Path("/clients")
    @Operation(summary = "List clients", description = "Newest first.")
    public Page<OauthClientView> list(@RestQuery @Nullable String limit, @RestQuery @Nullable String cursor) {
        return queries.list(caller.get().tenantId(), PageRequest.of(limit, cursor));
    }

    @GET
    @Path("/clients/{client_id}")
    @Operation(summary = "One client")
    public OauthClientView get(@RestPath("client_id") String clientId) {
        return clients.view(clients.get(caller.get().tenantId(), ClientReference.of(clientId)));
    }

    @PATCH
    @Path("/clients/{client_id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Change a client",
            description =
                    "What is left out stays. With `keep_old_secrets` up to two secrets before the new one are tried after it, while the provider changes over.")
    public OauthClientView change(@RestPath("client_id") String clientId, @NotNull @Valid UpdateOauthClient request) {
        var tenantId = caller.get().tenantId();
        var name = ClientReference.of(clientId);
        return clients.view(clients.change(tenantId, name, request, clients.authentication(tenantId, name, request)));
    }
}
