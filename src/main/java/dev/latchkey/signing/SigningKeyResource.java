package dev.latchkey.signing;

import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.paging.Page;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

@Path("/api/v1/signing-keys")
@Produces(MediaType.APPLICATION_JSON)
@Access(value = Access.Who.USER, role = Role.ADMIN)
@Tag(name = "Signing keys")
class SigningKeyResource {

    private final KeyRotation rotation;

    SigningKeyResource(KeyRotation rotation) {
        this.rotation = rotation;
    }

    @GET
    @Operation(
            summary = "List signing keys",
            description = "All of them, newest first, with how many hold a valid token that it signed.")
    public Page<SigningKeyView> list() {
        return new Page<>(rotation.list(), null);
    }

    @POST
    @Path("/rotate")
    @Operation(
            summary = "Rotate the signing key",
            description =
                    "The next key signs from now on; the current one verifies until all that it signed has expired.")
    public SigningKeyView rotate() {
        return rotation.rotate();
    }

    @POST
    @Path("/{kid}/withdraw")
    @Operation(
            summary = "Withdraw a compromised signing key",
            description =
                    "Whatever it signed is refused, by every replica, when the answer comes or within a second of it. The answer counts what died."
                            + " If it was the current key, the next one signs from now on. Sessions go on with their refresh tokens.")
    public SigningKeyView withdraw(@RestPath String kid) {
        var withdrawn = rotation.withdraw(kid);
        rotation.endWithdrawn();
        return withdrawn;
    }
}
