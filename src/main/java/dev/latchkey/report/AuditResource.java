package dev.latchkey.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.http.Idempotency;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.report.AuditService.NewAudit;
import dev.latchkey.report.AuditService.QueuedAudit;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/audits")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Audits")
class AuditResource {

    private static final String PROBLEM = "application/problem+json";

    private final AuditService audits;
    private final CurrentCaller caller;
    private final ObjectMapper json;

    AuditResource(AuditService audits, CurrentCaller caller, ObjectMapper json) {
        this.audits = audits;
        this.caller = caller;
        this.json = json;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Access(scopes = "write:audits")
    @Operation(
            summary = "Audit the tenant's credentials",
            description =
                    "Done in the background, also through restarts: poll the address in `Location` until `status` is "
                            + "`completed` or `failed`. `Idempotency-Key` is honoured for 24 hours.")
    @APIResponse(
            responseCode = "202",
            description = "Queued",
            headers = @Header(name = HttpHeaders.LOCATION, schema = @Schema(type = SchemaType.STRING)),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = QueuedAudit.class)))
    @APIResponse(
            responseCode = "409",
            description = "too_many_runs: as many audits of this tenant as it may have are not finished",
            content = @Content(mediaType = PROBLEM, schema = @Schema(ref = "Problem")))
    public RestResponse<QueuedAudit> create(
            @RestHeader(Idempotency.HEADER) @Nullable String idempotencyKey, @NotNull @Valid NewAudit request) {
        var queued = audits.queue(caller.get(), request, idempotencyKey);
        return RestResponse.ResponseBuilder.create(RestResponse.Status.ACCEPTED, queued)
                .header(HttpHeaders.LOCATION, "/api/v1/audits/" + queued.id())
                .build();
    }

    @GET
    @Access(scopes = "read:audits")
    @Operation(
            summary = "List audits",
            description = "Newest first. `status` is `queued`, `running`, `completed` or `failed`.")
    public Page<AuditRunView> list(
            @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor, @RestQuery @Nullable String status) {
        return audits.list(
                caller.get(),
                PageRequest.of(limit, cursor),
                Optional.ofNullable(status).map(AuditResource::parseStatus));
    }

    @GET
    @Path("/{id}")
    @Access(scopes = "read:audits")
    @Operation(
            summary = "One audit",
            description =
                    "`progress` runs from 0 to 100, and begins again if the audit had to be taken up again. `summary` comes "
                            + "with a completed one, `error` with a failed one.")
    public AuditRunView get(@RestPath UUID id) {
        return audits.get(caller.get(), id);
    }

    @GET
    @Path("/{id}/report")
    @Produces({MediaType.APPLICATION_JSON, "text/csv", MediaType.TEXT_HTML})
    @Access(scopes = "read:reports")
    @Operation(
            summary = "Download the report of an audit",
            description =
                    "`format` is `json` (if left out), `csv` or `html`. The findings and their remedies: docs/audits.md.")
    @APIResponse(
            responseCode = "200",
            description = "The report, as an attachment",
            headers = @Header(name = HttpHeaders.CONTENT_DISPOSITION, schema = @Schema(type = SchemaType.STRING)),
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = AuditReport.class),
                        example = AuditReport.EXAMPLE),
                @Content(mediaType = "text/csv", schema = @Schema(type = SchemaType.STRING)),
                @Content(mediaType = MediaType.TEXT_HTML, schema = @Schema(type = SchemaType.STRING))
            })
    @APIResponse(
            responseCode = "409",
            description = "conflict: the audit, whose state is in `audit_status`, is not completed",
            content = @Content(mediaType = PROBLEM, schema = @Schema(ref = "Problem")))
    public RestResponse<String> report(@RestPath UUID id, @RestQuery @DefaultValue("json") String format) {
        var chosen = ReportFormat.find(format)
                .orElseThrow(() -> Problem.invalidField("format", "must be json, csv or html"));
        var report = audits.report(caller.get(), id);
        return RestResponse.ResponseBuilder.ok(chosen.write(report, json))
                .header(HttpHeaders.CONTENT_TYPE, chosen.mediaType())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"latchkey-audit-" + id + "." + chosen.word() + "\"")
                .build();
    }

    private static AuditRun.Status parseStatus(String word) {
        return AuditRun.Status.find(word)
                .orElseThrow(() -> Problem.invalidField("status", "must be queued, running, completed or failed"));
    }
}
