package dev.latchkey.oauth;

import dev.latchkey.grant.TokenReads;
import dev.latchkey.oauthclient.ClientReference;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.http.CurrentRequest;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/token-management")
@Produces(MediaType.APPLICATION_JSON)
@Access(scopes = Scopes.ADMIN_TENANT)
@Tag(name = "OAuth connections")
class ConnectionResource {

    static final String TOKEN = "/tokens/{branch_id}";
    static final String READ = Scopes.READ_CONNECTIONS;
    static final int LEAST_SECONDS = 60;
    static final int MOST_SECONDS = 86_400;
    static final int LONGEST_BRANCH = 255;

    private static final int LONGEST_REASON = 200;

    record RefreshRequest(@NotNull ClientReference clientId) {}

    record Refreshed(
            boolean success,
            String message,
            String accessToken,
            @Nullable String refreshToken,
            String tokenType,
            @Nullable Instant expiresAt) {

        @Override
        public String toString() {
            return "Refreshed";
        }
    }

    record Ended(boolean success, String message, boolean revokedAtProvider) {

        static Ended of(boolean isTold) {
            return new Ended(
                    true,
                    isTold ? "Revoked, here and at the provider" : "Revoked here; the provider was not told",
                    isTold);
        }
    }

    private final ConnectionService connections;
    private final TokenReads reads;
    private final CurrentCaller caller;
    private final CurrentRequest current;

    ConnectionResource(ConnectionService connections, TokenReads reads, CurrentCaller caller, CurrentRequest current) {
        this.connections = connections;
        this.reads = reads;
        this.caller = caller;
        this.current = current;
    }

    @POST
    @Path("/tokens/refresh")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Refresh now", description = "Whatever life the access token has left.")
    public Refreshed refresh(@NotNull @Valid RefreshRequest request) {
        var me = caller.get();
        var grant = connections.refresh(me.tenantId(), request.clientId()).grant();
        reads.read(me.kind().word(), me.id(), grant, "refresh", current.find().orElseThrow());
        return new Refreshed(
                true,
                "The token is refreshed",
                grant.accessToken().orElseThrow().reveal(),
                grant.refreshToken().map(Secret::reveal).orElse(null),
                grant.tokenType(),
                grant.expiresAt().orElse(null));
    }

    @GET
    @Path(TOKEN)
    @NonBlocking
    @Access(scopes = READ)
    @Operation(
            summary = "A token that works now",
            description =
                    "With at least `min_seconds` of life (60 if left out): it is refreshed for that, if it must be. While the provider fails, a token with less life is better than none. `reason` is put on record.")
    public Uni<TokenAnswer> token(
            @RestPath("branch_id") String branchId,
            @RestQuery("min_seconds") @Nullable String minSeconds,
            @RestQuery @Nullable String reason) {
        var me = caller.get();
        // Who may look at everything in a portal is not given what works elsewhere.
        if (me.kind() == Caller.Kind.SESSION && !me.scopes().covers(Scopes.ADMIN_TENANT)) {
            throw new Problem(
                    CommonProblem.INSUFFICIENT_ROLE,
                    "Tokens are given to administrators of the tenant, and to credentials");
        }
        if (branchId.isEmpty() || branchId.length() > LONGEST_BRANCH) {
            throw Problem.notFound();
        }
        var why = reason == null ? "" : reason;
        if (why.length() > LONGEST_REASON) {
            throw Problem.invalidField("reason", "must have at most " + LONGEST_REASON + " characters");
        }
        var facts = current.find().orElseThrow();
        return connections.token(me.tenantId(), branchId, least(minSeconds)).map(live -> {
            reads.read(me.kind().word(), me.id(), live.grant(), why, facts);
            return TokenAnswer.of(live);
        });
    }

    private static Duration least(@Nullable String minSeconds) {
        try {
            var seconds = minSeconds == null ? LEAST_SECONDS : Integer.parseInt(minSeconds);
            if (seconds >= 0 && seconds <= MOST_SECONDS) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw Problem.invalidField("min_seconds", "must be a number from 0 to " + MOST_SECONDS);
    }

    @DELETE
    @Path("/tokens/{branch_id}")
    @Operation(
            summary = "End a connection",
            description = "Here at once, and at the provider where it has a revocation endpoint (RFC 7009).")
    public Ended revoke(@RestPath("branch_id") String branchId) {
        return Ended.of(connections.revoke(caller.get().tenantId(), branchId));
    }

    @DELETE
    @Path("/clients/{client_id}")
    @Operation(
            summary = "Delete a client",
            description = "Ends its connection first, as `DELETE /tokens/{branch_id}` does.")
    public Ended delete(@RestPath("client_id") String clientId) {
        var isTold = connections.delete(caller.get().tenantId(), ClientReference.of(clientId));
        return new Ended(
                true, isTold ? "Deleted" : "Deleted; the provider was not told that the connection is over", isTold);
    }
}
