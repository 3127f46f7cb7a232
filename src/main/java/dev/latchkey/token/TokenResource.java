package dev.latchkey.token;

import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.http.Idempotency;
import dev.latchkey.platform.json.Text;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.usage.UsageQueries;
import dev.latchkey.usage.UsageRange;
import dev.latchkey.usage.UsageReport;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/tokens")
@Produces(MediaType.APPLICATION_JSON)
@Access(scopes = Scopes.ADMIN_TENANT)
@Tag(name = "API tokens")
class TokenResource {

    record RotateRequest(@Nullable @Min(0) @Max(604_800) Integer graceSeconds) {}

    private final TokenService tokens;
    private final TokenRotation rotation;
    private final TokenQueries queries;
    private final UsageQueries usage;
    private final CurrentCaller caller;
    private final Clock clock;

    TokenResource(
            TokenService tokens,
            TokenRotation rotation,
            TokenQueries queries,
            UsageQueries usage,
            CurrentCaller caller,
            Clock clock) {
        this.tokens = tokens;
        this.rotation = rotation;
        this.queries = queries;
        this.usage = usage;
        this.caller = caller;
        this.clock = clock;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    @Operation(
            summary = "Create a token",
            description = "The answer holds its text in `token`: the only time that it is shown.")
    public TokenView create(
            @RestHeader(Idempotency.HEADER) @Nullable String idempotencyKey, @NotNull @Valid CreateToken request) {
        return tokens.create(caller.get(), request, idempotencyKey);
    }

    @GET
    @Operation(summary = "List tokens", description = "Newest first. `q` looks in names and prefixes.")
    public Page<TokenView> list(
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor,
            @RestQuery @Nullable String status,
            @RestQuery("team_id") @Nullable String teamId,
            @RestQuery @Nullable @Text String q) {
        var filter = new TokenQueries.Filter(
                Optional.ofNullable(status).map(TokenResource::parseStatus),
                Optional.ofNullable(teamId).map(TokenResource::parseTeam),
                Optional.ofNullable(q));
        return queries.list(caller.get(), PageRequest.of(limit, cursor), filter);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One token")
    public TokenView get(@RestPath UUID id) {
        return queries.view(queries.get(caller.get(), id));
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Change a token",
            description = "What is left out stays. Takes effect at once on every replica.")
    public TokenView change(@RestPath UUID id, @NotNull @Valid UpdateToken request) {
        return queries.view(tokens.change(caller.get(), id, request));
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            summary = "Revoke a token",
            description =
                    "For good, and at once; texts that it replaced, and whose grace has not ended, end with it. A second time changes nothing.")
    public void revoke(@RestPath UUID id) {
        tokens.revoke(caller.get().tenantId(), id);
    }

    @POST
    @Path("/{id}/rotate")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Rotate a token",
            description =
                    "Makes a successor with the same rights and the same budget; the old text works until the grace ends.")
    public TokenView rotate(
            @RestPath UUID id,
            @RestHeader(Idempotency.HEADER) @Nullable String idempotencyKey,
            @Nullable @Valid RotateRequest request) {
        var grace = request == null || request.graceSeconds() == null ? 0 : request.graceSeconds();
        return rotation.rotate(caller.get(), id, grace, idempotencyKey);
    }

    @GET
    @Path("/{id}/usage")
    @Operation(
            summary = "Usage of a token",
            description =
                    "Shows a call within two seconds. The times of verifications leave out the trip to Redis in which limits are decided.")
    public UsageReport usage(
            @RestPath UUID id,
            @RestQuery @Nullable String from,
            @RestQuery @Nullable String to,
            @RestQuery @Nullable String granularity) {
        var token = queries.get(caller.get(), id);
        return usage.ofCredential(token.tenantId, token.id, UsageRange.of(from, to, granularity, clock));
    }

    private static TokenStatus parseStatus(String word) {
        return TokenStatus.find(word)
                .orElseThrow(() -> Problem.invalidField("status", "must be active, disabled, expired or revoked"));
    }

    private static UUID parseTeam(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Problem.invalidField("team_id", "must be a UUID");
        }
    }
}
