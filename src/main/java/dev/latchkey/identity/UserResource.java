package dev.latchkey.identity;

import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.json.Text;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/api/v1/users")
@Produces(MediaType.APPLICATION_JSON)
@Access(value = Access.Who.USER, role = Role.ADMIN)
@Tag(name = "Users and sessions")
class UserResource {

    record ChangeRequest(@Nullable Role role, @Nullable Boolean disabled) {}

    private final Users users;
    private final CurrentCaller caller;

    UserResource(Users users, CurrentCaller caller) {
        this.users = users;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "List users", description = "Newest first; `q` looks in names and addresses.")
    public Page<UserView> list(
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor,
            @RestQuery @Nullable @Text String q,
            @RestQuery @Nullable String role) {
        return users.list(
                PageRequest.of(limit, cursor), q, Optional.ofNullable(role).map(UserResource::parseRole));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One user")
    public UserView get(@RestPath UUID id) {
        return UserView.of(users.get(id));
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change a user's role or state", description = "A disabled user's sessions end at once.")
    public UserView change(@RestPath UUID id, @NotNull @Valid ChangeRequest request) {
        return UserView.of(users.change(
                caller.get(), id, Optional.ofNullable(request.role()), Optional.ofNullable(request.disabled())));
    }

    private static Role parseRole(String word) {
        try {
            return Role.of(word);
        } catch (IllegalArgumentException e) {
            throw Problem.invalidField("role", String.valueOf(e.getMessage()));
        }
    }
}
