package dev.latchkey.forwardauth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.platform.http.FilterOrder;
import dev.latchkey.platform.http.ProblemAnswer;
import dev.latchkey.platform.http.RequestFilters;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.verification.Outcome;
import dev.latchkey.verification.PlainRequest;
import dev.latchkey.verification.Question;
import dev.latchkey.verification.Verifier;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/** The short way of forward-auth, as {@link HotPath} is that of verifications. */
@ApplicationScoped
class HotForwardAuth {

    private static final String FORWARD_AUTH = "/api/v1/forward-auth";
    private static final int MOST_QUERIES = 1000;

    private final RequestFilters filters;
    private final CredentialLookup credentials;
    private final Verifier verifier;
    private final ProblemAnswer problems;
    private final Cache<String, ForwardAuth.Asked> queries =
            Caffeine.newBuilder().maximumSize(MOST_QUERIES).build();

    HotForwardAuth(RequestFilters filters, CredentialLookup credentials, Verifier verifier, ProblemAnswer problems) {
        this.filters = filters;
        this.credentials = credentials;
        this.verifier = verifier;
        this.problems = problems;
    }

    void register(@Observes Router router) {
        router.get(FORWARD_AUTH).order(-FilterOrder.HOT_PATH).handler(this::forwardAuth);
    }

    private void forwardAuth(RoutingContext context) {
        if (!filters.begin(context)) {
            return;
        }
        var request = context.request();
        var asked = asked(context);
        var text = PlainRequest.presented(request);
        if (asked == null || text.isEmpty() || PlainRequest.isOfABrowser(request)) {
            context.next();
            return;
        }
        var question = ForwardAuth.question(context, asked, text.get());
        var credential =
                credentials.glance(text.get(), question.address()).filter(found -> verifier.permits(question, found));
        if (credential.isEmpty()) {
            context.next();
            return;
        }
        credentials.countValid(credential.get());
        verifier.decide(question, credential.get(), outcome -> {
            PlainRequest.name(context, FORWARD_AUTH);
            PlainRequest.guarded(
                    context,
                    () -> outcome.ifPresentOrElse(
                            one -> pass(context, one, question, asked), () -> unavailableToGateway(context)));
        });
    }

    private void pass(RoutingContext context, Outcome outcome, Question question, ForwardAuth.Asked asked) {
        try {
            ForwardAuth.answer(outcome, question, asked.tooManyStatus(), context);
            context.response().end();
        } catch (Problem problem) {
            problems.send(context, problem);
        }
    }

    private ForwardAuth.@Nullable Asked asked(RoutingContext context) {
        var query = context.request().query();
        try {
            return queries.get(query == null ? "" : query, key -> ForwardAuth.Asked.of(context));
        } catch (Problem problem) {
            return null;
        }
    }

    private void unavailableToGateway(RoutingContext context) {
        var problem = LimitAnswer.refusal(LimitDecision.NOBODY_DECIDES);
        ForwardAuth.describe(problem, context.response().headers());
        problems.send(context, problem);
    }
}
