package dev.latchkey.botimport;

import dev.latchkey.platform.bulk.JsonLines;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Role;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

@Path("/api/admin/bots/import")
@Produces(MediaType.APPLICATION_JSON)
@Access(value = Access.Who.USER, role = Role.ADMIN)
@Tag(name = "Bots of all users")
class BotImportResource {

    private final BotImport imports;
    private final CurrentCaller caller;

    BotImportResource(BotImport imports, CurrentCaller caller) {
        this.imports = imports;
        this.caller = caller;
    }

    @POST
    @Consumes(JsonLines.MEDIA_TYPE)
    @Operation(
            summary = "Import bots from another service",
            description =
                    "JSON lines, one bot each, with the columns of docs/bots-import.md, of which the secret ones are Fernet tokens that `BOT_ENCRYPTION_KEY` opens; `scripts/import-s3.sh` makes them from a database. All lines or none, of at most 500; bots that are here already are skipped. `dry_run` only checks.")
    public BotImport.Result importBots(@RestQuery("dry_run") @DefaultValue("false") boolean dryRun, String document) {
        return imports.run(caller.get(), document, dryRun);
    }
}
