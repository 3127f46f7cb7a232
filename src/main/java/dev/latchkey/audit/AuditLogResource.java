package dev.latchkey.audit;

import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/audit-log")
@Access(value = Access.Who.USER, role = Role.ADMIN)
@Tag(name = "Audit log")
class AuditLogResource {

    private static final Set<String> PAGING = Set.of("chain", "format", "limit", "cursor");
    private static final Set<String> WALK = Set.of("chain", "from_position", "checkpoint_position", "checkpoint_hash");

    /** Names the answer in the OpenAPI document, which does not see through the choice of formats. */
    record AuditLogPage(
            List<AuditReading.View> items, @Nullable String nextCursor) {}

    private final AuditReading reading;
    private final AuditLog audit;
    private final CurrentCaller caller;

    AuditLogResource(AuditReading reading, AuditLog audit, CurrentCaller caller) {
        this.reading = reading;
        this.audit = audit;
        this.caller = caller;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, AuditReading.JSON_LINES})
    @Operation(
            summary = "List what was done",
            description =
                    "Of the caller's tenant, in the order of its chain, newest first. With `format=jsonl` or `Accept: application/x-ndjson` "
                            + "all of it is downloaded as JSON lines, oldest first. The last line has a signed `checkpoint`, if all rows were found "
                            + "intact on the way, or the `problem`; with a filter it has neither. A download without that line is not whole.")
    @Parameter(name = "action", in = ParameterIn.QUERY, description = "`token.created`, or `token.*`")
    @Parameter(name = "actor", in = ParameterIn.QUERY, description = "The id of a user, a session or a credential")
    @Parameter(name = "subject_kind", in = ParameterIn.QUERY, description = "Such as `token`, `user`, `session`")
    @Parameter(name = "subject_id", in = ParameterIn.QUERY)
    @Parameter(name = "from", in = ParameterIn.QUERY, description = "A time or a date, included")
    @Parameter(name = "to", in = ParameterIn.QUERY, description = "A time or a date, not included")
    @Parameter(name = "request_id", in = ParameterIn.QUERY)
    @Parameter(name = "address", in = ParameterIn.QUERY, description = "An IP address")
    @Parameter(
            name = "chain",
            in = ParameterIn.QUERY,
            description = "`tenant` for your own, `installation` for what belongs to no tenant, or the id of a tenant")
    @Parameter(name = "format", in = ParameterIn.QUERY, description = "`json` or `jsonl`")
    @Parameter(name = "limit", in = ParameterIn.QUERY, description = "1 to 200; not with `jsonl`")
    @Parameter(
            name = "cursor",
            in = ParameterIn.QUERY,
            description = "The `next_cursor` of an earlier answer; not with `jsonl`")
    @APIResponse(
            responseCode = "200",
            description = "A page, or a download",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = AuditLogPage.class)),
                @Content(mediaType = AuditReading.JSON_LINES, schema = @Schema(type = SchemaType.STRING))
            })
    public RestResponse<Object> list(UriInfo uri, @RestHeader(HttpHeaders.ACCEPT) @Nullable String accept) {
        var parameters = uri.getQueryParameters();
        var filter = AuditFilter.of(parameters, PAGING);
        var chain = chain(parameters);
        return wantsLines(parameters.getFirst("format"), accept)
                ? download(chain, filter, parameters)
                : page(chain, filter, parameters);
    }

    @GET
    @Path("/verify")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Verify the audit log",
            description =
                    "Finds the first row that was changed, moved or taken away. `checkpoint` is a signed statement of what was found intact: "
                            + "keep it elsewhere, and pass its position and hash the next time. A restored older state of the whole database "
                            + "shows only so. The kinds of problems: docs/operations.md.")
    @Parameter(name = "from_position", in = ParameterIn.QUERY, description = "Where to begin; 1 if left out")
    @Parameter(
            name = "checkpoint_position",
            in = ParameterIn.QUERY,
            description = "The `position` of a checkpoint that you kept")
    @Parameter(name = "checkpoint_hash", in = ParameterIn.QUERY, description = "Its `hash`")
    @Parameter(
            name = "chain",
            in = ParameterIn.QUERY,
            description = "`tenant` for your own, `installation` for what belongs to no tenant, or the id of a tenant")
    public Verdict verify(UriInfo uri) {
        var parameters = uri.getQueryParameters();
        AuditFilter.refuseUnknown(parameters, WALK);
        var chain = chain(parameters);
        var from = position(parameters, "from_position").orElse(1L);
        var kept = kept(parameters, chain, from);
        record(chain, "verify");
        return reading.verify(chain, from, kept);
    }

    private RestResponse<Object> page(UUID chain, AuditFilter filter, MultivaluedMap<String, String> parameters) {
        var page = PageRequest.of(parameters.getFirst("limit"), parameters.getFirst("cursor"));
        record(chain, "page");
        return RestResponse.ResponseBuilder.<Object>ok(reading.list(chain, page, filter))
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                .build();
    }

    private RestResponse<Object> download(UUID chain, AuditFilter filter, MultivaluedMap<String, String> parameters) {
        refuse(parameters, "limit");
        refuse(parameters, "cursor");
        record(chain, "export");
        return RestResponse.ResponseBuilder.<Object>ok(reading.export(chain, filter))
                .header(HttpHeaders.CONTENT_TYPE, AuditReading.JSON_LINES)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"latchkey-audit-log.jsonl\"")
                .build();
    }

    // Before anything is read. Whose log it is can see who of the staff read it; a chain that nobody has is not begun
    // by that.
    private void record(UUID chain, String what) {
        if (chain.equals(AuditRow.INSTALLATION) || chain.equals(caller.get().tenantId()) || !reading.isKnown(chain)) {
            return;
        }
        QuarkusTransaction.requiringNew()
                .run(() -> audit.record(AuditEntry.of(chain, "audit_log.read", "audit_log", chain)
                        .with("as", what)));
    }

    private UUID chain(MultivaluedMap<String, String> parameters) {
        return switch (Optional.ofNullable(parameters.getFirst("chain")).orElse("tenant")) {
            case "tenant" -> caller.get().tenantId();
            case "installation" -> AuditRow.INSTALLATION;
            case String tenant -> tenantId(tenant);
        };
    }

    private static UUID tenantId(String text) {
        return AuditFilter.uuid(text)
                .orElseThrow(
                        () -> Problem.invalidField("chain", "must be tenant, installation, or the id of a tenant"));
    }

    private static boolean wantsLines(@Nullable String format, @Nullable String accept) {
        if (format == null) {
            return accept != null && accept.contains(AuditReading.JSON_LINES);
        }
        return switch (format) {
            case "json" -> false;
            case "jsonl" -> true;
            default -> throw Problem.invalidField("format", "must be json or jsonl");
        };
    }

    private static void refuse(MultivaluedMap<String, String> parameters, String name) {
        if (parameters.containsKey(name)) {
            throw Problem.invalidField(name, "must not be given for a download, which has everything");
        }
    }

    private static Optional<ChainHead> kept(MultivaluedMap<String, String> parameters, UUID chain, long from) {
        var position = position(parameters, "checkpoint_position");
        var hash = parameters.getFirst("checkpoint_hash");
        if (position.isEmpty() && hash == null) {
            return Optional.empty();
        }
        if (position.isEmpty() || position.get() < from) {
            throw Problem.invalidField(
                    "checkpoint_position", "must come with checkpoint_hash, and not before from_position");
        }
        if (hash == null || !hash.matches("[0-9a-f]{64}")) {
            throw Problem.invalidField(
                    "checkpoint_hash", "must come with checkpoint_position, as 64 hexadecimal digits");
        }
        return Optional.of(new ChainHead(chain, position.get(), HexFormat.of().parseHex(hash)));
    }

    private static Optional<Long> position(MultivaluedMap<String, String> parameters, String name) {
        var text = Optional.ofNullable(parameters.getFirst(name));
        text.filter(given -> !given.matches("[1-9][0-9]{0,17}")).ifPresent(given -> {
            throw Problem.invalidField(name, "must be a whole number from 1");
        });
        return text.map(Long::valueOf);
    }
}
