package dev.latchkey.botcall;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.bot.Bots;
import dev.latchkey.governor.Counted;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.turn.MethodName;
import dev.latchkey.turn.Turn;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

// The same for all that is below it: of two resources, JAX-RS looks in the one with the longer path alone.
@Path("/api/user-bot")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Bots")
class CallResource {

    private static final int DAYS = 30;

    private final BotCalls calls;
    private final BotStatistics statistics;
    private final Bots bots;
    private final CurrentCaller caller;
    private final ObjectMapper json;

    CallResource(BotCalls calls, BotStatistics statistics, Bots bots, CurrentCaller caller, ObjectMapper json) {
        this.calls = calls;
        this.statistics = statistics;
        this.bots = bots;
        this.caller = caller;
        this.json = json;
    }

    @POST
    @Path("/call/{method}")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.MULTIPART_FORM_DATA})
    @Access(scopes = Scopes.CALL_BOTS)
    @Operation(
            summary = "Call Telegram with your bot",
            description =
                    "Any method of the Bot API, with its parameters as a JSON object or a form with files. The call waits for its turn, a few seconds at most. The answer is Telegram's own.")
    public Uni<Response> call(
            @RestPath String method, @RestHeader("Content-Type") @Nullable String contentType, byte @Nullable [] body) {
        return calls.call(userId(), MethodName.of(method), CallBody.of(contentType, body, json))
                .map(answer ->
                        Response.ok(answer, MediaType.APPLICATION_JSON_TYPE).build());
    }

    @GET
    @Path("/activity")
    @Blocking
    @Access(scopes = Scopes.ADMIN_TENANT)
    @Operation(summary = "Your bot's last calls", description = "At most 50 of the last seven days, newest first.")
    public ActivityView activity() {
        return ActivityView.of(statistics.recent(counted()));
    }

    @GET
    @Path("/stats")
    @Blocking
    @Access(scopes = Scopes.ADMIN_TENANT)
    @Operation(summary = "Your bot's statistics", description = "Of the last 30 days, by method and by day (UTC).")
    public StatisticsView statistics() {
        var bot = counted();
        var today = statistics.today();
        statistics.settle(bot);
        var from = today.minusDays(DAYS - 1L);
        return StatisticsView.of(from, today, statistics.since(bot.bot(), from));
    }

    private Counted counted() {
        var bot = bots.known(userId()).await().indefinitely().orElseThrow(Problem::notFound);
        return new Counted(Turn.line(bot.digest()), bot.id());
    }

    private UUID userId() {
        return caller.get().userId().orElseThrow(Problem::notFound);
    }
}
