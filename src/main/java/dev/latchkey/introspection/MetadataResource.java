package dev.latchkey.introspection;

import dev.latchkey.platform.caller.Access;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

@Path("/.well-known/oauth-authorization-server")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "OAuth 2")
class MetadataResource {

    /** RFC 8414, section 2. The empty lists are said all the same: one is required, and the other would else have a default. */
    record Metadata(
            String issuer,
            String jwksUri,
            List<String> responseTypesSupported,
            List<String> grantTypesSupported,
            String introspectionEndpoint,
            List<String> introspectionEndpointAuthMethodsSupported,
            String revocationEndpoint,
            List<String> revocationEndpointAuthMethodsSupported) {}

    private static final int MAX_AGE_SECONDS = 300;
    private static final List<String> AUTH_METHODS = List.of("client_secret_basic");

    private final Metadata metadata;

    MetadataResource(@ConfigProperty(name = "latchkey.jwt.issuer") String issuer) {
        var base = issuer.replaceFirst("/$", "");
        metadata = new Metadata(
                issuer,
                base + "/.well-known/jwks.json",
                List.of(),
                List.of(),
                base + "/oauth2/introspect",
                AUTH_METHODS,
                base + "/oauth2/revoke",
                AUTH_METHODS);
    }

    @GET
    @Access(value = Access.Who.PUBLIC, limited = false)
    @Operation(
            summary = "Authorization server metadata",
            description =
                    "Where the endpoints of OAuth 2 and the signing keys are (RFC 8414). Tokens are not issued by OAuth 2.")
    public Uni<RestResponse<Metadata>> metadata() {
        var cache = new CacheControl();
        cache.setMaxAge(MAX_AGE_SECONDS);
        return Uni.createFrom()
                .item(ResponseBuilder.ok(metadata).cacheControl(cache).build());
    }
}
