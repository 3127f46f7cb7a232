package dev.latchkey.signing;

import dev.latchkey.platform.caller.Access;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/.well-known/jwks.json")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Platform")
class JwksResource {

    private static final int MAX_AGE_SECONDS = 300;

    private final SigningKeys keys;

    JwksResource(SigningKeys keys) {
        this.keys = keys;
    }

    @GET
    @Access(value = Access.Who.PUBLIC, limited = false)
    @Operation(
            summary = "Public signing keys",
            description =
                    "The keys that verify this service's JWTs: the current one, the retiring ones, and the next one, which signs nothing yet (RFC 7517).")
    public Uni<Response> keys() {
        var cache = new CacheControl();
        cache.setMaxAge(MAX_AGE_SECONDS);
        return keys.ringOrLast().map(ring -> Response.ok(Map.of("keys", ring.jwks()))
                .cacheControl(cache)
                .build());
    }
}
