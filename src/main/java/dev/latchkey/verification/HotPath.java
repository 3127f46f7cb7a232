package dev.latchkey.verification;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.access.LastUses;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.platform.http.FilterOrder;
import dev.latchkey.platform.http.ProblemAnswer;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.http.RequestFilters;
import dev.latchkey.platform.problem.Problem;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The short way of what is asked most: a plain question about a usable credential that this replica knows, from a caller that it knows. It
 * answers what the resources would answer, on the event loop that read the request and without their machinery. Whatever is not as plain
 * goes on to the resources, and nothing has been consumed then: they alone know errors and cold credentials.
 */
@ApplicationScoped
class HotPath {

    private static final String VERIFY = "/api/v1/verify";
    private static final String FORWARD_AUTH = "/api/v1/forward-auth";
    private static final String SCOPE = "verify:tokens";
    private static final String SCHEME = "Bearer ";
    // The last one is that of our own client.
    private static final Set<String> PLAIN_ACCEPTS =
            Set.of("*/*", "application/json", "application/json, application/problem+json");
    private static final int LONGEST_BODY = 16_384;
    private static final int MOST_QUERIES = 1000;

    private final RequestFilters filters;
    private final CredentialLookup credentials;
    private final Verifier verifier;
    private final PlainQuestions questions;
    private final AnswerText answers;
    private final LastUses lastUses;
    private final ProblemAnswer problems;
    private final Cache<String, ForwardAuth.Asked> queries =
            Caffeine.newBuilder().maximumSize(MOST_QUERIES).build();

    HotPath(
            RequestFilters filters,
            CredentialLookup credentials,
            Verifier verifier,
            PlainQuestions questions,
            AnswerText answers,
            LastUses lastUses,
            ProblemAnswer problems) {
        this.filters = filters;
        this.credentials = credentials;
        this.verifier = verifier;
        this.questions = questions;
        this.answers = answers;
        this.lastUses = lastUses;
        this.problems = problems;
    }

    void register(@Observes Router router) {
        router.post(VERIFY).order(-FilterOrder.HOT_PATH).handler(this::verify);
        router.get(FORWARD_AUTH).order(-FilterOrder.HOT_PATH).handler(this::forwardAuth);
    }

    private void verify(RoutingContext context) {
        if (!filters.begin(context)) {
            return;
        }
        var request = context.request();
        var caller = isPlain(request)
                ? presented(request)
                        .flatMap(text -> credentials.glance(
                                text, RequestFacts.of(context).address()))
                : Optional.<Credential>empty();
        if (caller.isEmpty()
                || !caller.get().scopes().covers(SCOPE)
                || !lastUses.isRecorded(caller.get().id())) {
            context.next();
            return;
        }
        request.bodyHandler(body -> guarded(context, () -> {
            if (!answered(context, caller.get(), body)) {
                ((RoutingContextInternal) context).setBody(body);
                context.next();
            }
        }));
        request.resume();
    }

    private boolean answered(RoutingContext context, Credential caller, Buffer body) {
        var question = questions.read(body, caller.tenantId(), RequestFacts.of(context));
        if (question.isEmpty()) {
            return false;
        }
        var credential = credentials
                .glance(question.get().text(), question.get().address())
                .filter(found -> verifier.permits(question.get(), found));
        credential.ifPresent(found -> {
            credentials.countValid(caller);
            credentials.countValid(found);
            verifier.decide(question.get(), found, outcome -> {
                name(context, VERIFY);
                guarded(
                        context,
                        () -> outcome.ifPresentOrElse(one -> answer(context, one), () -> unavailable(context)));
            });
        });
        return credential.isPresent();
    }

    private void answer(RoutingContext context, Outcome outcome) {
        if (!context.response().closed()) {
            context.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8")
                    .end(Buffer.buffer(Unpooled.wrappedBuffer(answers.of(outcome))));
        }
    }

    private void forwardAuth(RoutingContext context) {
        if (!filters.begin(context)) {
            return;
        }
        var request = context.request();
        var asked = asked(context);
        var text = presented(request);
        if (asked == null || text.isEmpty() || isOfABrowser(request)) {
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
            name(context, FORWARD_AUTH);
            guarded(
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

    private void unavailable(RoutingContext context) {
        problems.send(context, LimitAnswer.refusal(LimitDecision.NOBODY_DECIDES));
    }

    // Outside of the router's own handling, nobody else would answer.
    private static void guarded(RoutingContext context, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            context.fail(failure);
        }
    }

    // The metrics of requests go by it; the resources give theirs themselves.
    private static void name(RoutingContext context, String path) {
        ((HttpServerRequestInternal) context.request()).context().putLocal("UrlPathTemplate", path);
    }

    /** The one credential of the request, if it comes as a bearer token and in no other way. */
    private static Optional<String> presented(HttpServerRequest request) {
        var headers = request.headers();
        var value = headers.get(HttpHeaders.AUTHORIZATION);
        return value != null
                        && value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                        && !headers.contains("X-API-Key")
                        && headers.getAll(HttpHeaders.AUTHORIZATION).size() == 1
                ? Optional.of(value.substring(SCHEME.length()).strip())
                : Optional.empty();
    }

    private static boolean isPlain(HttpServerRequest request) {
        var type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        var accept = request.getHeader(HttpHeaders.ACCEPT);
        return "application/json".equals(type)
                && (accept == null || PLAIN_ACCEPTS.contains(accept))
                && length != null
                && length.length() <= 5
                && isNumberUpTo(length, LONGEST_BODY)
                && !isOfABrowser(request)
                && !request.headers().contains(HttpHeaders.EXPECT)
                && !request.headers().contains(HttpHeaders.CONTENT_ENCODING);
    }

    // Whether another page may read the answer is decided on the long way.
    private static boolean isOfABrowser(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.ORIGIN);
    }

    private static boolean isNumberUpTo(String text, int most) {
        for (var i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && Integer.parseInt(text) <= most;
    }
}
