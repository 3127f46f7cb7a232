package dev.latchkey.introspection;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.credential.Verification;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/oauth2/introspect")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "OAuth 2")
class IntrospectionResource {

    private final CredentialLookup credentials;
    private final CurrentCaller caller;
    private final String issuer;

    IntrospectionResource(
            CredentialLookup credentials,
            CurrentCaller caller,
            @ConfigProperty(name = "latchkey.jwt.issuer") String issuer) {
        this.credentials = credentials;
        this.caller = caller;
        this.issuer = issuer;
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Access(scopes = "verify:tokens", clientCredentials = true, forAnother = true)
    @Operation(
            summary = "Introspect a credential",
            description =
                    "RFC 7662, for every kind of credential. What is unknown, not usable now, or of another tenant is `{\"active\":false}` and nothing more. From which addresses it may be used is not looked at, and none of its limits are used up.")
    public Uni<Introspection> introspect(TokenForm form) {
        var tenantId = caller.get().tenantId();
        return credentials
                .verifyFromAnywhere(form.token().reveal())
                .map(verification -> answer(verification, tenantId));
    }

    private Introspection answer(Verification verification, UUID tenantId) {
        return switch (verification) {
            case Verification.Valid(Credential credential)
            when credential.tenantId().equals(tenantId) -> Introspection.of(credential, issuer);
            case Verification.Valid ignored -> Introspection.INACTIVE;
            case Verification.Refused ignored -> Introspection.INACTIVE;
        };
    }
}
