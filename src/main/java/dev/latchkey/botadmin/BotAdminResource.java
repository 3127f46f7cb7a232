package dev.latchkey.botadmin;

import dev.latchkey.bot.BotControl.Limits;
import dev.latchkey.bot.BotStatus;
import dev.latchkey.bot.BotVerification.Verified;
import dev.latchkey.bot.BotView;
import dev.latchkey.bot.TestMessage;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.json.Text;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/api/admin/bots")
@Produces(MediaType.APPLICATION_JSON)
@Access(value = Access.Who.USER, role = Role.ADMIN)
@Tag(name = "Bots of all users")
class BotAdminResource {

    record Suspend(@NotNull String reason) {

        private static final int LEAST = 5;
        private static final int MOST = 500;

        private String words() {
            var words = reason.strip();
            if (!Text.Validator.isText(words, LEAST, MOST)) {
                throw Problem.invalidField(
                        "reason",
                        "must be 5 to 500 characters, besides blanks around them, without control characters");
            }
            return words;
        }
    }

    record Accessed(boolean success, String message, BotView botInfo, boolean accessLogged) {}

    private static final int DEFAULT_PAGE_SIZE = 50;
    private static final int MOST_PAGE_SIZE = 200;
    private static final int LAST_PAGE = 1_000_000;

    private final BotAdministration administration;
    private final BotList bots;
    private final BotActions actions;

    BotAdminResource(BotAdministration administration, BotList bots, BotActions actions) {
        this.administration = administration;
        this.bots = bots;
        this.actions = actions;
    }

    @GET
    @Path("/list")
    @Operation(
            summary = "List all bots",
            description =
                    "Newest first, in numbered pages. `user_id` is a user's number or UUID; `q` looks in the names of bots, and in names and addresses of their owners.")
    public BotList.Answer list(
            @RestQuery @Nullable String page,
            @RestQuery("page_size") @Nullable String pageSize,
            @RestQuery("status_filter") @Nullable String statusFilter,
            @RestQuery("user_id") @Nullable String userId,
            @RestQuery @Nullable @Text String q) {
        var wanted = new BotList.Wanted(
                Optional.ofNullable(statusFilter).map(word -> word("status_filter", word, BotStatus.class)),
                Optional.ofNullable(userId).map(UserReference::parameter),
                Optional.ofNullable(q));
        return bots.list(
                wanted,
                number("page", page, 1, LAST_PAGE),
                number("page_size", pageSize, DEFAULT_PAGE_SIZE, MOST_PAGE_SIZE));
    }

    @GET
    @Path("/actions")
    @Operation(summary = "What admins did with bots", description = "Newest first.")
    public Page<BotActions.View> actions(
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor,
            @RestQuery("user_id") @Nullable String userId,
            @RestQuery @Nullable String action) {
        return actions.list(
                PageRequest.of(limit, cursor),
                Optional.ofNullable(userId).map(UserReference::parameter),
                Optional.ofNullable(action).map(word -> word("action", word, BotAction.Kind.class)));
    }

    @POST
    @Path("/{user_id}/access")
    @Operation(
            summary = "Look into a user's bot",
            description = "On record before anything is shown; the token never is.")
    public Accessed access(@RestPath("user_id") String userId) {
        return new Accessed(
                true,
                "The bot's facts; this access is on record",
                administration.access(new UserReference(userId)),
                true);
    }

    @GET
    @Path("/{user_id}/status")
    @Operation(summary = "A user's bot")
    public BotView status(@RestPath("user_id") String userId) {
        return administration.status(new UserReference(userId));
    }

    @POST
    @Path("/{user_id}/verify")
    @RunOnVirtualThread // It waits: for the bot's turn, and for Telegram.
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Verify a user's bot",
            description = "As its owner would; one that is suspended by an admin stays so.")
    public Verified verify(@RestPath("user_id") String userId, @Nullable @Valid TestMessage request) {
        return administration.verify(
                new UserReference(userId), Optional.ofNullable(request).orElseGet(TestMessage::none));
    }

    @PATCH
    @Path("/{user_id}/suspend")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Suspend a user's bot", description = "Its owner is told the reason, and may only look.")
    public BotView suspend(@RestPath("user_id") String userId, @NotNull @Valid Suspend request) {
        return administration.suspend(new UserReference(userId), request.words());
    }

    @POST
    @Path("/{user_id}/suspend")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Suspend a user's bot", description = "The same as PATCH.")
    public BotView postSuspend(@RestPath("user_id") String userId, @NotNull @Valid Suspend request) {
        return suspend(userId, request);
    }

    @PATCH
    @Path("/{user_id}/activate")
    @Operation(
            summary = "Activate a user's bot",
            description = "Whoever stopped or suspended it. It is active if it is verified, else pending.")
    public BotView activate(@RestPath("user_id") String userId) {
        return administration.activate(new UserReference(userId));
    }

    @POST
    @Path("/{user_id}/activate")
    @Operation(summary = "Activate a user's bot", description = "The same as PATCH.")
    public BotView postActivate(@RestPath("user_id") String userId) {
        return activate(userId);
    }

    @PATCH
    @Path("/{user_id}/rate-limit")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change the limits of a user's bot", description = "What is left out stays.")
    public BotView limit(@RestPath("user_id") String userId, @NotNull @Valid Limits limits) {
        return administration.limit(new UserReference(userId), limits);
    }

    @PATCH
    @Path("/{user_id}/rate-limits")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change the limits of a user's bot", description = "The same as `rate-limit`.")
    public BotView limits(@RestPath("user_id") String userId, @NotNull @Valid Limits limits) {
        return limit(userId, limits);
    }

    private static int number(String field, @Nullable String text, int whenLeftOut, int most) {
        if (text == null) {
            return whenLeftOut;
        }
        var number = text.matches("[0-9]{1,7}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > most) {
            throw Problem.invalidField(field, "must be a whole number from 1 to " + most);
        }
        return number;
    }

    private static <E extends Enum<E>> E word(String field, String word, Class<E> type) {
        var words = Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(constant -> constant.name().toLowerCase(Locale.ROOT), constant -> constant));
        return Optional.ofNullable(words.get(word))
                .orElseThrow(() -> Problem.invalidField(
                        field,
                        "must be one of " + words.keySet().stream().sorted().collect(Collectors.joining(", "))));
    }
}
