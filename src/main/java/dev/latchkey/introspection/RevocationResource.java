package dev.latchkey.introspection;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

@Path("/oauth2/revoke")
@Tag(name = "OAuth 2")
class RevocationResource {

    private final CredentialLookup credentials;
    private final CurrentCaller caller;

    RevocationResource(CredentialLookup credentials, CurrentCaller caller) {
        this.credentials = credentials;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @ResponseStatus(200)
    @Access(clientCredentials = true)
    @Operation(
            summary = "Revoke a credential",
            description =
                    "RFC 7009, for every kind of credential: for good, and at once. Whoever has `admin:tenant` revokes any credential of the tenant; without it, a credential revokes itself only. What is unknown or of another tenant is 200 as well, and nothing happens.")
    public void revoke(TokenForm form) {
        var me = caller.get();
        credentials
                .find(form.token().reveal())
                .filter(found -> found.credential().tenantId().equals(me.tenantId()))
                .ifPresent(found -> {
                    authorise(me, found.credential());
                    found.revoke();
                });
    }

    // Not 200: the caller would believe that it is gone. That it exists is no news to who has its text.
    private static void authorise(Caller me, Credential credential) {
        if (!me.scopes().covers(Scopes.ADMIN_TENANT) && !me.id().equals(credential.id())) {
            throw new Problem(CommonProblem.INSUFFICIENT_SCOPE, "This takes the scope " + Scopes.ADMIN_TENANT)
                    .with("required_scopes", List.of(Scopes.ADMIN_TENANT));
        }
    }
}
