package dev.latchkey.oauthimport;

import dev.latchkey.platform.bulk.JsonLines;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Scopes;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

@Path("/token-management")
@Produces(MediaType.APPLICATION_JSON)
@Access(scopes = Scopes.ADMIN_TENANT)
@Tag(name = "OAuth connections")
class OauthImportResource {

    private final OauthImport imports;
    private final CurrentCaller caller;

    OauthImportResource(OauthImport imports, CurrentCaller caller) {
        this.imports = imports;
        this.caller = caller;
    }

    @POST
    @Path("/migration/import")
    @Consumes(JsonLines.MEDIA_TYPE)
    @Operation(
            summary = "Import clients and their tokens from another service",
            description =
                    "JSON lines, one client each, with the columns of docs/connections.md; `scripts/import-s2.sh` makes them from a database. All lines or none, of at most 500; clients that are here already are skipped. `dry_run` only checks.")
    public OauthImport.Result importClients(
            @RestQuery @DefaultValue("google") String provider,
            @RestQuery("dry_run") @DefaultValue("false") boolean dryRun,
            String document) {
        return imports.run(caller.get(), provider, document, dryRun);
    }
}
