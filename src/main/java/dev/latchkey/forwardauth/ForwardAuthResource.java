package dev.latchkey.forwardauth;

import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Access.Who;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/**
 * For gateways that hand each request's headers to a server of their choice, and let in what that answers with 2xx. Some keep the
 * request's method: each is answered alike, and above all {@code OPTIONS}, which else says 200 to everybody. No body is read.
 */
@Path("/api/v1/forward-auth")
@Access(value = Who.PUBLIC, limited = false)
@Tag(name = "Verification")
class ForwardAuthResource {

    private static final String SAME = "The same, for gateways that keep the request's method";

    private final ForwardAuth forwardAuth;

    ForwardAuthResource(ForwardAuth forwardAuth) {
        this.forwardAuth = forwardAuth;
    }

    @GET
    @ResponseStatus(200)
    @Operation(
            summary = "May this request pass?",
            description =
                    "Looks at the credential in the request's own `Authorization` or `X-API-Key`. 200 with `X-Latchkey-*` headers, or 401, 403, 429 with a problem; `X-Latchkey-Code` always tells the outcome, or what kept it from being found: the problem's code in capitals. `scope`: required scopes, with blanks or commas. `tenant`: lets in that tenant's credentials only; without it every tenant's. `too_many`: 403 for gateways that know no 429. How to set up gateways: docs/gateways.")
    @Parameter(name = "scope", in = ParameterIn.QUERY)
    @Parameter(name = "tenant", in = ParameterIn.QUERY)
    @Parameter(name = "too_many", in = ParameterIn.QUERY)
    public Uni<Void> get(@Context RoutingContext context) {
        return forwardAuth.allow(context);
    }

    @POST
    @ResponseStatus(200)
    @Operation(summary = SAME)
    public Uni<Void> post(@Context RoutingContext context) {
        return forwardAuth.allow(context);
    }

    @PUT
    @ResponseStatus(200)
    @Operation(summary = SAME)
    public Uni<Void> put(@Context RoutingContext context) {
        return forwardAuth.allow(context);
    }

    @PATCH
    @ResponseStatus(200)
    @Operation(summary = SAME)
    public Uni<Void> patch(@Context RoutingContext context) {
        return forwardAuth.allow(context);
    }

    @DELETE
    @ResponseStatus(200)
    @Operation(summary = SAME)
    public Uni<Void> delete(@Context RoutingContext context) {
        return forwardAuth.allow(context);
    }

    @OPTIONS
    @ResponseStatus(200)
    @Operation(summary = SAME)
    public Uni<Void> options(@Context RoutingContext context) {
        return forwardAuth.allow(context);
    }
}
