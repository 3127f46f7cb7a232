package dev.latchkey.verification;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.platform.caller.PermissionQuery;
import dev.latchkey.platform.http.ProblemAnswer;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.problem.Problem;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The short way of calls that read something with a credential that this replica knows to be usable: on the event loop that read the request, without the
 * machinery of resources (ADR 0013). Such a call uses its credential's limits, is metered, and is answered, as on the long way.
 */
@Singleton
public class ShortCalls {

    private final CredentialLookup credentials;
    private final Verifier verifier;
    private final ProblemAnswer problems;

    ShortCalls(CredentialLookup credentials, Verifier verifier, ProblemAnswer problems) {
        this.credentials = credentials;
        this.verifier = verifier;
        this.problems = problems;
    }

    /** Who calls; empty where the long way is to be taken. Nothing is consumed by it. */
    public Optional<Credential> caller(RoutingContext context, PermissionQuery needs) {
        var request = context.request();
        return PlainRequest.acceptsJson(request) && !PlainRequest.isOfABrowser(request)
                ? PlainRequest.presented(request)
                        .flatMap(text -> credentials.glance(
                                text, RequestFacts.of(context).address()))
                        .filter(found -> needs.isMetBy(found.scopes())
                                && found.credits().isEmpty()
                                && found.allowance().isTheSameForCalls())
                : Optional.empty();
    }

    /**
     * Lets the caller pay, and answers.
     *
     * @param endpoint as its resource has it, one of {@link Question#OWN_ENDPOINTS}
     * @param answer JSON
     */
    public void serve(
            RoutingContext context,
            Credential caller,
            String endpoint,
            PermissionQuery needs,
            Supplier<byte[]> answer) {
        credentials.countValid(caller);
        var facts = RequestFacts.of(context);
        var question = new Question("", Optional.empty(), facts.address(), needs, 1, List.of(), "GET", endpoint, facts);
        verifier.decide(question, caller, outcome -> {
            PlainRequest.name(context, endpoint);
            PlainRequest.guarded(context, () -> answer(context, outcome, answer));
        });
    }

    private void answer(RoutingContext context, Optional<Outcome> outcome, Supplier<byte[]> answer) {
        var decision = outcome.flatMap(Outcome::limits).orElse(LimitDecision.NOBODY_DECIDES);
        var headers = context.response().headers();
        try {
            LimitAnswer.apply(decision, headers);
        } catch (Problem refusal) {
            problems.send(context, refusal);
            return;
        }
        if (!context.response().closed()) {
            headers.set(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8");
            context.response().end(Buffer.buffer(Unpooled.wrappedBuffer(answer.get())));
        }
    }
}
