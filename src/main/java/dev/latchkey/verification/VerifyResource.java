package dev.latchkey.verification;

import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.http.RequestFacts;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

@Path("/api/v1/verify")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Access(scopes = "verify:tokens", forAnother = true)
@Tag(name = "Verification")
class VerifyResource {

    private static final Logger LOG = Logger.getLogger(VerifyResource.class);

    record VerifyBatch(
            @NotNull @Size(min = 1, max = VerifyRequest.MOST_IN_BATCH)
            List<@NotNull @Valid VerifyRequest> items) {}

    record VerifyBatchAnswer(List<VerifyAnswer> items) {}

    record Release(@NotNull String token, @NotNull UUID lease) {
        @Override
        public String toString() {
            return "Release";
        }
    }

    private final Verifier verifier;
    private final PlainQuestions plain;
    private final CurrentCaller caller;

    VerifyResource(Verifier verifier, PlainQuestions plain, CurrentCaller caller) {
        this.verifier = verifier;
        this.plain = plain;
        this.caller = caller;
    }

    @POST
    @Operation(
            summary = "Verify a credential",
            description =
                    "Whether it may be used for this, now; 200 whatever the answer. The checks run in the order MALFORMED, NOT_FOUND, REVOKED, DISABLED, EXPIRED, FORBIDDEN_IP, INSUFFICIENT_SCOPE, then limits (RATE_LIMITED) and credits (USAGE_EXCEEDED) as one decision: a refusal takes nothing. A cost of 0 looks, and takes nothing. `retry_after` is null also where waiting does not help: the cost is above a limit itself, or above what refills give. Of `resource` 200 are told apart for a credential each hour; further ones are reported as `other`.")
    public Uni<VerifyAnswer> verify(@NotNull @Valid VerifyRequest request, @Context RoutingContext context) {
        var question = request.question(caller.get(), RequestFacts.of(context), "");
        plain.learn(request, question.needs());
        return answer(question);
    }

    @POST
    @Path("/batch")
    @Operation(
            summary = "Verify up to 100 credentials",
            description =
                    "The answers stand in the order of the questions, and each is as if it had been asked alone. One that cannot be decided now, where others can, has the code UNAVAILABLE and the seconds after which to ask it again; 503 if none can be decided.")
    public Uni<VerifyBatchAnswer> verifyBatch(@NotNull @Valid VerifyBatch batch, @Context RoutingContext context) {
        var facts = RequestFacts.of(context);
        var questions = new ArrayList<Question>();
        for (var item : batch.items()) {
            var question = item.question(caller.get(), facts, "items[" + questions.size() + "].");
            plain.learn(item, question.needs());
            questions.add(question);
        }
        var failures = new ConcurrentLinkedQueue<Throwable>();
        return Uni.join()
                .all(questions.stream()
                        .map(question -> answerOrNot(question, failures))
                        .toList())
                .usingConcurrencyOf(HotBatch.MOST_AT_ONCE)
                .andFailFast()
                .chain(answers -> {
                    var first = failures.peek();
                    if (failures.size() == answers.size()) {
                        return Uni.createFrom().failure(Objects.requireNonNull(first));
                    }
                    if (first != null) {
                        LOG.errorf(first, "%d of %d questions could not be decided", failures.size(), answers.size());
                    }
                    return Uni.createFrom().item(new VerifyBatchAnswer(answers));
                });
    }

    // The others are decided, and what they cost is taken: whoever asked must hear of it.
    private Uni<VerifyAnswer> answerOrNot(Question question, Queue<Throwable> failures) {
        return Uni.createFrom()
                .deferred(() -> answer(question))
                .onFailure()
                .invoke(failures::add)
                .onFailure()
                .recoverWithItem(VerifyAnswer::undecided);
    }

    @POST
    @Path("/release")
    @Operation(
            summary = "Give back a slot",
            description =
                    "Of a call that is over, for a token that limits `concurrent_requests`: the `lease` that its verification answered, and the same token, or one that it was rotated to. 204 whether or not the slot was still held, and whatever the token is. A slot that is not given back is free when its lease ends.")
    public Uni<Void> release(@NotNull @Valid Release release) {
        return verifier.release(caller.get().tenantId(), release.token(), release.lease());
    }

    private Uni<VerifyAnswer> answer(Question question) {
        return verifier.verify(question).map(VerifyAnswer::of);
    }
}
