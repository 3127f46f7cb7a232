package dev.latchkey.derived;

import dev.latchkey.access.CallingCredential;
import dev.latchkey.access.PresentedCredential;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Access.Who;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.json.Text;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

@Path("/api/auth/v2/derive")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "API keys")
class DeriveResource {

    /** @param ttl seconds */
    record DeriveRequest(
            @NotNull @Size(min = 1, max = 64) List<@NotNull @Text(max = 100) String> scopes,
            @NotNull @Min(1) @Max(3600) Integer ttl) {}

    private final DerivedTokens tokens;

    DeriveResource(DerivedTokens tokens) {
        this.tokens = tokens;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    @Access(Who.CREDENTIAL)
    @Operation(
            summary = "Derive a short-lived token",
            description =
                    "For some of the calling key's scopes, and at most an hour. It uses the key's limits, and dies with it at once. The answer holds its text in `token`: the only time that it is shown.")
    public DerivedToken derive(@Context RoutingContext context, @NotNull @Valid DeriveRequest request) {
        var key = CallingCredential.of(context)
                .filter(credential -> credential.kind() == Caller.Kind.API_KEY)
                .orElseThrow(() -> new Problem(CommonProblem.INSUFFICIENT_ROLE, "This takes a JWT API key"));
        var text = PresentedCredential.of(context.request().headers(), false)
                .orElseThrow()
                .text();
        return tokens.derive(key, text.reveal(), request.scopes(), Duration.ofSeconds(request.ttl()));
    }
}
