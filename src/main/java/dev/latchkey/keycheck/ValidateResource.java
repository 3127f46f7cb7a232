package dev.latchkey.keycheck;

import dev.latchkey.access.CallingCredential;
import dev.latchkey.credential.Credential;
import dev.latchkey.keyrole.KeyRoles;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Access.Who;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path(ValidateResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "API keys")
class ValidateResource {

    static final String PATH = "/api/auth/v2/validate";

    private final KeyRoles roles;

    ValidateResource(KeyRoles roles) {
        this.roles = roles;
    }

    @GET
    @NonBlocking
    @Access(Who.ANY)
    @Operation(
            summary = "Is this key valid?",
            description =
                    "Counts against the key's limit, as every use of it does. 401 for whatever is no valid JWT API key, nor a token derived from one.")
    public ValidKey validate(@Context RoutingContext context) {
        return CallingCredential.of(context)
                .filter(ValidateResource::isOurs)
                .map(key -> ValidKey.of(key, roles.refreshWindow()))
                .orElseThrow(() -> new Problem(CommonProblem.INVALID_TOKEN, "The credential is no JWT API key"));
    }

    static boolean isOurs(Credential credential) {
        return credential.kind() == Caller.Kind.API_KEY || credential.kind() == Caller.Kind.DERIVED_TOKEN;
    }
}
