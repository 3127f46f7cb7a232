package dev.latchkey.identity;

import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Role;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

@Path("/api/auth")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Users and sessions")
class AccountResource {

    record RegisterRequest(
            @NotNull @Pattern(regexp = "[A-Za-z0-9_.-]{3,50}", message = "must be 3 to 50 of A-Z a-z 0-9 _ . -")
            String username,

            @NotNull @Size(max = 254) @Email(regexp = "[\\x21-\\x7E]+", message = "must be an e-mail address")
            String email,

            @NotNull @Size(max = 1000) String password) {

        @Override
        public String toString() {
            return "RegisterRequest";
        }
    }

    record PasswordRequest(
            @NotNull @Size(max = 1000) String currentPassword,
            @NotNull @Size(max = 1000) String newPassword) {

        @Override
        public String toString() {
            return "PasswordRequest";
        }
    }

    private final Registration registration;
    private final Users users;
    private final CurrentCaller caller;

    AccountResource(Registration registration, Users users, CurrentCaller caller) {
        this.registration = registration;
        this.users = users;
        this.caller = caller;
    }

    @POST
    @Path("/register")
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    @Access(value = Access.Who.PUBLIC, hashesPassword = true)
    @Operation(summary = "Register", description = "Makes a user of role `user`, and a tenant of their own.")
    public UserView register(@NotNull @Valid RegisterRequest request) {
        return UserView.of(registration.register(request.username(), request.email(), request.password(), Role.USER));
    }

    @GET
    @Path("/me")
    @Access(Access.Who.USER)
    @Operation(summary = "The calling user")
    public UserView me() {
        return UserView.of(users.get(caller.get().userId().orElseThrow()));
    }

    @POST
    @Path("/password")
    @Consumes(MediaType.APPLICATION_JSON)
    @Access(value = Access.Who.USER, hashesPassword = true)
    @Operation(summary = "Change the password", description = "Ends every other session of the user at once.")
    public void changePassword(@NotNull @Valid PasswordRequest request) {
        users.changePassword(caller.get(), request.currentPassword(), request.newPassword());
    }
}
