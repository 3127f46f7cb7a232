package dev.latchkey.bot;

import dev.latchkey.bot.BotVerification.Verified;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/api/user-bot")
@Produces(MediaType.APPLICATION_JSON)
@Access(scopes = Scopes.ADMIN_TENANT)
@Tag(name = "Bots")
class BotResource {

    record Created(UUID id, BotStatus status, @Nullable String botUsername, long botId, boolean requiresVerification) {}

    record Removed(boolean success, String message) {}

    private final BotRegistration registration;
    private final BotVerification verification;
    private final BotControl control;
    private final CurrentCaller caller;

    BotResource(BotRegistration registration, BotVerification verification, BotControl control, CurrentCaller caller) {
        this.registration = registration;
        this.verification = verification;
        this.control = control;
        this.caller = caller;
    }

    @POST
    @Path("/create")
    @RunOnVirtualThread // It waits: for its turn, and for Telegram.
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    @Operation(
            summary = "Keep your bot",
            description = "Telegram is asked about the token first. It is never told again. One bot for each user.")
    public Created create(@NotNull @Valid NewBot request) {
        var bot = registration.register(caller.get(), request);
        var state = bot.state();
        return new Created(bot.id, state.status(), bot.botUsername, bot.botId, !state.isVerified());
    }

    @GET
    @Path("/status")
    @Operation(summary = "Your bot")
    public BotView status() {
        return control.view(userId());
    }

    @POST
    @Path("/verify")
    @RunOnVirtualThread
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Verify your bot",
            description =
                    "Telegram is asked whose the token is, and a test message is sent if that is wanted. A bot that is verified, and not stopped, is active.")
    public Verified verify(@Nullable @Valid TestMessage request) {
        return verification.own(userId(), Optional.ofNullable(request).orElseGet(TestMessage::none));
    }

    @PATCH
    @Path("/rate-limits")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change your bot's limits", description = "What is left out stays.")
    public BotView limit(@NotNull @Valid BotControl.Limits limits) {
        return control.limitOwn(userId(), limits);
    }

    @PUT
    @Path("/rate-limits")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change your bot's limits", description = "The same as PATCH: what is left out stays.")
    public BotView putLimits(@NotNull @Valid BotControl.Limits limits) {
        return control.limitOwn(userId(), limits);
    }

    @DELETE
    @Path("/remove")
    @Operation(summary = "Remove your bot", description = "With its token; Telegram's bot stays as it is.")
    public Removed remove() {
        control.remove(userId());
        return new Removed(true, "The bot is removed, and nothing of its token is kept");
    }

    @POST
    @Path("/start")
    @Operation(summary = "Start your bot", description = "One that you stopped; one that runs goes on.")
    public BotView start() {
        return control.start(userId());
    }

    @POST
    @Path("/stop")
    @Operation(summary = "Stop your bot", description = "It makes no calls until you start it.")
    public BotView stop() {
        return control.stop(userId());
    }

    private UUID userId() {
        return caller.get().userId().orElseThrow(Problem::notFound);
    }
}
