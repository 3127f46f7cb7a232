package dev.latchkey.session;

import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.http.CurrentRequest;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.json.Text;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/api/auth")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Access(Access.Who.PUBLIC)
@Tag(name = "Users and sessions")
class SessionResource {

    record LoginRequest(
            @NotNull @Text(max = 254) String username,
            @NotNull @Size(min = 1, max = 1000) String password) {

        @Override
        public String toString() {
            return "LoginRequest";
        }
    }

    record RefreshRequest(@NotNull @Size(min = 1, max = 200) String refreshToken) {

        @Override
        public String toString() {
            return "RefreshRequest";
        }
    }

    private final Login login;
    private final Sessions sessions;
    private final CurrentRequest request;

    SessionResource(Login login, Sessions sessions, CurrentRequest request) {
        this.login = login;
        this.sessions = sessions;
        this.request = request;
    }

    @POST
    @Path("/login")
    @Access(value = Access.Who.PUBLIC, hashesPassword = true)
    @Operation(
            summary = "Log in",
            description = "With a user name or an e-mail address. After 10 failures in 15 minutes: 423.")
    public SessionGrant login(@NotNull @Valid LoginRequest body) {
        return login.login(
                body.username(),
                body.password(),
                request.find().map(RequestFacts::address).orElse(""));
    }

    @POST
    @Path("/refresh")
    @Operation(
            summary = "Refresh a session",
            description = "The refresh token is replaced; using it a second time ends the session.")
    public SessionGrant refresh(@NotNull @Valid RefreshRequest body) {
        return sessions.refresh(new Secret(body.refreshToken()));
    }

    @POST
    @Path("/logout")
    @Operation(
            summary = "Log out",
            description = "Ends the session of the refresh token, and its access tokens, at once.")
    public void logout(@NotNull @Valid RefreshRequest body) {
        sessions.logout(new Secret(body.refreshToken()));
    }
}
