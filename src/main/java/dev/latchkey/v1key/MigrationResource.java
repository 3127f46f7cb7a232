package dev.latchkey.v1key;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.latchkey.apikey.NewApiKey;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Access.Who;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestQuery;

@Path("/api/auth/v2")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "API keys, first version")
class MigrationResource {

    static final String JSON_LINES = "application/x-ndjson";
    static final String CSV = "text/csv";

    record RevokeRequest(@NotNull @Size(max = 100) String keyId) {}

    /** The new key, and what it replaces. */
    record Migrated(@JsonUnwrapped NewApiKey key, Replaced replaces) {

        /** @param worksUntil when the old key ends */
        record Replaced(String keyId, Instant worksUntil) {}
    }

    private final V1Keys keys;
    private final V1Import imports;
    private final MigrationReport report;
    private final CurrentCaller caller;

    MigrationResource(V1Keys keys, V1Import imports, MigrationReport report, CurrentCaller caller) {
        this.keys = keys;
        this.imports = imports;
        this.report = report;
        this.caller = caller;
    }

    @POST
    @Path("/migrate")
    @Consumes(MediaType.WILDCARD)
    @ResponseStatus(201)
    @Access(Who.CREDENTIAL)
    @Operation(
            summary = "Migrate a key of the first version",
            description =
                    "With that key as Bearer: a key of the second version of the same role. The old key goes on for a while, which `replaces` tells.")
    public Migrated migrate() {
        var me = caller.get();
        if (me.kind() != Caller.Kind.V1_KEY) {
            throw new Problem(CommonProblem.INVALID_TOKEN, "The credential is no key of the first version");
        }
        var migrated = keys.migrate(me.tenantId(), me.id());
        return new Migrated(migrated.successor(), new Migrated.Replaced(migrated.keyId(), migrated.worksUntil()));
    }

    @POST
    @Path("/migration/revoke")
    @Consumes(MediaType.APPLICATION_JSON)
    @Access(scopes = Scopes.ADMIN_TENANT)
    @Operation(
            summary = "Revoke a key of the first version",
            description =
                    "One of the tenant, by its `key_id`: for good, and at once; a second time changes nothing. Keys that its holder migrated to are keys of their own.")
    public void revoke(@NotNull @Valid RevokeRequest request) {
        keys.revoke(caller.get().tenantId(), request.keyId());
    }

    @GET
    @Path("/migration")
    @Access(value = Who.USER, role = Role.ADMIN)
    @Operation(
            summary = "How far the migration is",
            description =
                    "Of all keys of the first version: by owner, what is left, when it was last used, and when it can be turned off.")
    public MigrationReport.View report() {
        return report.view();
    }

    @POST
    @Path("/migration/import")
    @Consumes({CSV, JSON_LINES})
    @Access(value = Who.USER, role = Role.ADMIN)
    @Operation(
            summary = "Import keys of the first version",
            description =
                    "CSV with a header line, or JSON lines, with the columns of docs/migration-v1-v2.md. All lines or none; keys that are here already are skipped. `dry_run` only checks.")
    public V1Import.Result importKeys(
            @Context HttpHeaders headers, @RestQuery("dry_run") @DefaultValue("false") boolean dryRun, String table) {
        var type = headers.getMediaType();
        var lines = type != null && type.isCompatible(MediaType.valueOf(CSV))
                ? ImportedKey.ofCsv(table)
                : ImportedKey.ofJsonLines(table);
        return imports.run(caller.get(), lines, dryRun);
    }
}
