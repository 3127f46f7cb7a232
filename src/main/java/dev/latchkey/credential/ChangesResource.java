package dev.latchkey.credential;

import dev.latchkey.platform.cache.ChangeFeed;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.problem.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What clients that remember answers of ours must forget. */
@Path("/api/v1/verify/changes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Verification")
class ChangesResource {

    // Withdrawn, a key takes with it all that it signed, and no single credential is named.
    private static final Set<String> WHOLESALE = Set.of("signing_keys");
    private static final int WAIT_SECONDS = 20;
    private static final int WAIT_SECONDS_MAX = 30;
    // 12 bytes in base64url. They name a credential to whoever has its text, and say nothing to anybody else.
    private static final int NAME_LENGTH = 16;

    private static final ChangeFeed.Changes NOTHING = new ChangeFeed.Changes(0, true, List.of());

    /**
     * What changed.
     *
     * @param epoch what to ask after the next time
     * @param reset all answers that are kept must be forgotten
     * @param changed the first 12 bytes of the SHA-256 of the text of each credential that changed, in base64url without padding
     */
    record ChangesView(long epoch, boolean reset, List<String> changed) {}

    private final ChangeFeed feed;
    private final CurrentCaller caller;

    ChangesResource(ChangeFeed feed, CurrentCaller caller) {
        this.feed = feed;
        this.caller = caller;
    }

    @GET
    @Access(scopes = "verify:tokens", forAnother = true)
    @Operation(
            summary = "Wait for changes of credentials",
            description =
                    "For clients that keep verifications. Answers as soon as a credential of the caller's tenant changed after the epoch, else after the wait. Forget what is "
                            + "kept of each credential in `changed`, and everything when `reset` is true or the answer is not 200. While 503 is "
                            + "answered, or nothing, keep nothing. An answer of the service may be a second older than this feed: "
                            + "what was asked within a second after its change or a reset is not to be kept.")
    @Parameter(
            name = "after",
            in = ParameterIn.QUERY,
            description = "The `epoch` of the last answer; without it the present epoch is told at once")
    @Parameter(name = "wait_seconds", in = ParameterIn.QUERY, description = "0 to 30; 20 if left out")
    public Uni<ChangesView> changes(@Context RoutingContext context) {
        var parameters = context.queryParams();
        var question = new ChangeFeed.Question(
                caller.get().tenantId().toString(),
                CredentialLookup.CACHE,
                WHOLESALE,
                epoch(parameters.get("after")),
                patience(parameters.get("wait_seconds")));
        var answer = feed.ask(question);
        // Also when the connection is gone: whoever left holds no place.
        context.addEndHandler(ended -> answer.complete(NOTHING));
        return Uni.createFrom().completionStage(answer).map(ChangesResource::view);
    }

    private static ChangesView view(ChangeFeed.Changes changes) {
        return new ChangesView(
                changes.epoch(),
                changes.reset(),
                changes.keys().stream()
                        .map(key -> key.substring(0, NAME_LENGTH))
                        .toList());
    }

    private static OptionalLong epoch(@Nullable String text) {
        if (text == null) {
            return OptionalLong.empty();
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw Problem.invalidField("after", "must be the epoch of an earlier answer");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static Duration patience(@Nullable String text) {
        if (text == null) {
            return Duration.ofSeconds(WAIT_SECONDS);
        }
        if (!text.matches("[0-9]{1,2}") || Integer.parseInt(text) > WAIT_SECONDS_MAX) {
            throw Problem.invalidField("wait_seconds", "must be a whole number from 0 to " + WAIT_SECONDS_MAX);
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }
}
