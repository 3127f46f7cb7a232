package dev.latchkey.v1key;

import dev.latchkey.access.CallingCredential;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Access.Who;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.json.Text;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path(V1Phase.ROOT)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "API keys, first version")
class V1Resource {

    /** @param keyType its role; capitals and {@code -} are understood */
    record RegisterRequest(
            @NotNull @Text(min = 3, max = 100) String name,
            @NotNull @Size(max = 100) String keyType) {}

    record ValidV1Key(
            boolean valid,
            String keyId,
            String role,
            List<String> scopes,
            @Nullable Instant expiresAt) {}

    private final V1Keys keys;
    private final CurrentCaller caller;

    V1Resource(V1Keys keys, CurrentCaller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    @POST
    @Path(V1Phase.REGISTER)
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    @Access(Who.ANYONE)
    @Operation(
            summary = "Create a key of the first version",
            description =
                    "Deprecated: `POST /api/auth/v2/register` makes keys that last. Who may create which roles is the same there.",
            deprecated = true)
    public V1Keys.NewV1Key register(@NotNull @Valid RegisterRequest request) {
        return keys.register(caller.find(), request.name(), request.keyType());
    }

    @GET
    @Path(V1Phase.VALIDATE)
    @Access(Who.ANY)
    @Operation(
            summary = "Is this key of the first version valid?",
            description = "401 for whatever is none.",
            deprecated = true)
    public ValidV1Key validate(@Context RoutingContext context) {
        return CallingCredential.of(context)
                .filter(credential -> credential.kind() == Caller.Kind.V1_KEY)
                .map(key -> new ValidV1Key(
                        true,
                        key.keyId(),
                        key.label().orElseThrow().role(),
                        key.scopes().words(),
                        key.expiresAt().orElse(null)))
                .orElseThrow(() ->
                        new Problem(CommonProblem.INVALID_TOKEN, "The credential is no key of the first version"));
    }
}
