package dev.latchkey.apikey;

import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Access.Who;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.json.Text;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/api/auth/v2")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "API keys")
class ApiKeyResource {

    /** @param keyType its role; capitals and {@code -} are understood */
    record RegisterRequest(
            @NotNull @Text(min = ApiKeyService.SHORTEST_NAME, max = 100)
            String name,

            @NotNull @Size(max = 100) String keyType,
            @Nullable Map<String, Object> metadata) {}

    /** @param keyId left out, the key itself that calls is meant */
    record RevokeRequest(@Nullable @Size(max = 100) String keyId) {}

    record RefreshRequest(@NotNull @Size(max = 8192) String currentKey) {
        @Override
        public String toString() {
            return "RefreshRequest";
        }
    }

    private final ApiKeyService keys;
    private final ApiKeyQueries queries;
    private final CurrentCaller caller;

    ApiKeyResource(ApiKeyService keys, ApiKeyQueries queries, CurrentCaller caller) {
        this.keys = keys;
        this.queries = queries;
        this.caller = caller;
    }

    @POST
    @Path("/register")
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    @Access(Who.ANYONE)
    @Operation(
            summary = "Create a key",
            description =
                    "Anyone may create a `basic` key; keys and administrators may create what their role allows. The answer holds its text in `api_key`: the only time that it is shown.")
    public NewApiKey register(@NotNull @Valid RegisterRequest request) {
        return keys.register(caller.find(), request.name(), request.keyType(), request.metadata());
    }

    @POST
    @Path("/refresh")
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    @Access(Who.PUBLIC)
    @Operation(
            summary = "Refresh a key",
            description = "In the last day of its life: a successor with the same budget. The old key stops at once.")
    public NewApiKey refresh(@NotNull @Valid RefreshRequest request) {
        return keys.refresh(request.currentKey());
    }

    @POST
    @Path("/revoke")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
    @Access
    @Operation(
            summary = "Revoke a key",
            description =
                    "For good, and at once; a second time changes nothing. Without `key_id` the key that calls revokes itself.")
    public ApiKeyView revoke(@Nullable @Valid RevokeRequest request) {
        var me = caller.get();
        if (me.kind() == Caller.Kind.DERIVED_TOKEN) {
            throw new Problem(
                    CommonProblem.INSUFFICIENT_ROLE, "This takes the key itself, not a token derived from it");
        }
        if (request != null && request.keyId() != null) {
            var key = queries.get(me, request.keyId(), ApiKeyQueries.CHANGE_ALL);
            return queries.view(keys.revoke(key.tenantId, key.id));
        }
        if (me.kind() != Caller.Kind.API_KEY) {
            throw Problem.invalidField("key_id", "must be given, unless a key revokes itself");
        }
        return queries.view(keys.revoke(me.tenantId(), me.id()));
    }

    @GET
    @Path("/keys")
    @Access
    @Operation(
            summary = "List keys",
            description =
                    "Newest first: all of the tenant for who has `admin:tenant` or, as a key, `admin:read`; for other keys themselves and those that they created.")
    public Page<ApiKeyView> list(@RestQuery @Nullable String limit, @RestQuery @Nullable String cursor) {
        return queries.list(caller.get(), PageRequest.of(limit, cursor));
    }

    @GET
    @Path("/keys/{key_id}")
    @Access
    @Operation(summary = "One key")
    public ApiKeyView get(@RestPath("key_id") String keyId) {
        return queries.view(queries.get(caller.get(), keyId, ApiKeyQueries.READ_ALL));
    }
}
