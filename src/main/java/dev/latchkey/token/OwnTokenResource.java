package dev.latchkey.token;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.latchkey.decision.Limiter;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Access.Who;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.usage.UsageQueries;
import dev.latchkey.usage.UsageRange;
import dev.latchkey.usage.UsageReport;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** What a caller asks about itself. */
@Path("/api/v1/tokens/me")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "API tokens")
class OwnTokenResource {

    /** @param reset seconds until the next call is given back */
    record Limit(String name, long limit, long remaining, long reset) {}

    /** @param limits what is left of each limit, this call included */
    record WhoAmI(@JsonUnwrapped TokenView token, UUID tenantId, List<Limit> limits) {}

    private final TokenService tokens;
    private final TokenQueries queries;
    private final UsageQueries usage;
    private final Limiter limiter;
    private final CurrentCaller caller;
    private final Clock clock;

    OwnTokenResource(
            TokenService tokens,
            TokenQueries queries,
            UsageQueries usage,
            Limiter limiter,
            CurrentCaller caller,
            Clock clock) {
        this.tokens = tokens;
        this.queries = queries;
        this.usage = usage;
        this.limiter = limiter;
        this.caller = caller;
        this.clock = clock;
    }

    @GET
    @Access(Who.CREDENTIAL)
    @Operation(summary = "Who am I", description = "The calling token, and what is left of its limits.")
    public WhoAmI whoAmI() {
        var token = queries.get(caller.get(), caller.get().id());
        var snapshot = TokenSnapshots.of(token);
        var peek = limiter.decide(new LimitRequest(snapshot.allowance().verifications(), 0))
                .await()
                .indefinitely();
        var limits = peek.policies().stream()
                .map(window -> new Limit(window.name(), window.limit(), window.remaining(), window.resetSeconds()))
                .toList();
        return new WhoAmI(queries.view(token), token.tenantId, limits);
    }

    @GET
    @Path("/usage")
    @Access(Who.ANY)
    @Operation(summary = "My usage", description = "Of the calling token, or of all tokens of the calling user.")
    public UsageReport usage(
            @RestQuery @Nullable String from, @RestQuery @Nullable String to, @RestQuery @Nullable String granularity) {
        var range = UsageRange.of(from, to, granularity, clock);
        var me = caller.get();
        return me.isCredential()
                ? usage.ofCredential(me.tenantId(), me.id(), range)
                : usage.ofUser(me.tenantId(), me.userId().orElseThrow(), range);
    }

    @POST
    @Path("/revoke")
    @Access(Who.CREDENTIAL)
    @Operation(summary = "Revoke myself", description = "Takes no scope: whoever holds a token may end it.")
    public void revoke() {
        tokens.revoke(caller.get().tenantId(), caller.get().id());
    }
}
