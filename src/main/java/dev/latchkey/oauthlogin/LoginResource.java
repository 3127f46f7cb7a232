package dev.latchkey.oauthlogin;

import dev.latchkey.grant.TokenReads;
import dev.latchkey.oauthclient.ClientReference;
import dev.latchkey.oauthlogin.Logins.Callback;
import dev.latchkey.oauthlogin.Logins.Finished;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Access.Who;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.platform.http.CurrentRequest;
import dev.latchkey.platform.problem.Problem;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestCookie;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/token-management")
@Tag(name = "OAuth connections")
class LoginResource {

    private static final String COOKIE = "latchkey_login";
    private static final int BROWSER_BYTES = 32;
    private static final int A_DAY = 86_400;

    private final Logins logins;

    private final TokenReads reads;
    private final CurrentRequest current;

    LoginResource(Logins logins, TokenReads reads, CurrentRequest current) {
        this.logins = logins;
        this.reads = reads;
        this.current = current;
    }

    @GET
    @Path("/oauth/login/{client_id}")
    @Access(Who.PUBLIC)
    @APIResponse(responseCode = "302", description = "To the provider's login")
    @Operation(
            summary = "Log in at the provider",
            description =
                    "Sends the browser to the provider. The login is bound to this browser by a cookie, ends after ten minutes, and comes back once.")
    public Response login(@RestPath("client_id") String clientId, @RestCookie(COOKIE) @Nullable String known) {
        var client = logins.client(ClientReference.of(clientId));
        var browser = known != null && known.length() >= BROWSER_BYTES ? known : RandomText.base64Url(BROWSER_BYTES);
        return Response.status(Response.Status.FOUND)
                .location(logins.begin(client, browser))
                .header("Cache-Control", "no-store")
                .cookie(new NewCookie.Builder(COOKIE)
                        .value(browser)
                        .path("/token-management")
                        .maxAge(A_DAY)
                        .httpOnly(true)
                        .secure(client.redirectUri.startsWith("https:"))
                        .sameSite(NewCookie.SameSite.LAX)
                        .build())
                .build();
    }

    @GET
    @Path("/auth/callback")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML})
    @Access(Who.PUBLIC)
    @Operation(
            summary = "Where providers send browsers back to",
            description = "Exchanges the code. A browser gets a page without the token.")
    public Response callback(
            @RestQuery @Nullable String code,
            @RestQuery @Nullable String state,
            @RestQuery @Nullable String iss,
            @RestQuery @Nullable String error,
            @RestCookie(COOKIE) @Nullable String browser,
            @HeaderParam("Accept") @Nullable String accept,
            @Context HttpServerResponse response) {
        var isBrowser = accept != null && accept.contains(MediaType.TEXT_HTML);
        try {
            var finished = logins.finish(
                    new Callback(code, state, iss, error),
                    Optional.ofNullable(browser).orElse(""));
            return isBrowser ? page(response, 200, CallbackPage.connected(finished.client())) : answer(finished);
        } catch (Problem problem) {
            if (!isBrowser) {
                throw problem;
            }
            return page(response, problem.code().status(), CallbackPage.failed(problem));
        }
    }

    private Response answer(Finished finished) {
        var client = finished.client();
        reads.read(
                "login",
                client.id,
                client.tenantId,
                client.branchId,
                "callback",
                current.find().orElseThrow());
        return Response.ok(finished.connected())
                .type(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-store")
                .build();
    }

    private static Response page(HttpServerResponse response, int status, String page) {
        // In the place of the one that every answer has: of two, a browser keeps both.
        response.putHeader("Content-Security-Policy", CallbackPage.POLICY);
        return Response.status(status)
                .type(MediaType.TEXT_HTML + ";charset=UTF-8")
                .header("Cache-Control", "no-store")
                .entity(page)
                .build();
    }
}
