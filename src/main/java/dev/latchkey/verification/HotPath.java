package dev.latchkey.verification;

import dev.latchkey.access.LastUses;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.platform.http.FilterOrder;
import dev.latchkey.platform.http.ProblemAnswer;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.http.RequestFilters;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The short way of what is asked most: a plain question about a usable credential that this replica knows, from a caller that it knows. It
 * answers what the resources would answer, on the event loop that read the request and without their machinery. Whatever is not as plain
 * goes on to the resources, and nothing has been consumed then: they alone know errors and cold credentials.
 */
@ApplicationScoped
class HotPath {

    private static final Logger LOG = Logger.getLogger(HotPath.class);
    private static final String VERIFY = "/api/v1/verify";
    private static final String BATCH = "/api/v1/verify/batch";
    private static final String SCOPE = "verify:tokens";

    private final RequestFilters filters;
    private final CredentialLookup credentials;
    private final Verifier verifier;
    private final PlainQuestions questions;
    private final AnswerText answers;
    private final HotBatch batches;
    private final LastUses lastUses;
    private final ProblemAnswer problems;

    HotPath(
            RequestFilters filters,
            CredentialLookup credentials,
            Verifier verifier,
            PlainQuestions questions,
            AnswerText answers,
            HotBatch batches,
            LastUses lastUses,
            ProblemAnswer problems) {
        this.filters = filters;
        this.credentials = credentials;
        this.verifier = verifier;
        this.questions = questions;
        this.answers = answers;
        this.batches = batches;
        this.lastUses = lastUses;
        this.problems = problems;
    }

    void register(@Observes Router router) {
        router.post(VERIFY).order(-FilterOrder.HOT_PATH).handler(context -> verify(context, this::answered));
        router.post(BATCH).order(-FilterOrder.HOT_PATH).handler(context -> verify(context, this::batchAnswered));
    }

    /** False, and nothing is consumed, where another way must be taken. */
    private interface Way {
        boolean isTaken(RoutingContext context, Credential caller, Buffer body);
    }

    private void verify(RoutingContext context, Way way) {
        if (!filters.begin(context)) {
            return;
        }
        var request = context.request();
        var caller = PlainRequest.isPlain(request)
                ? PlainRequest.presented(request)
                        .flatMap(text -> credentials.glance(
                                text, RequestFacts.of(context).address()))
                : Optional.<Credential>empty();
        if (caller.isEmpty()
                || !caller.get().scopes().covers(SCOPE)
                || !lastUses.isRecorded(caller.get().id())) {
            context.next();
            return;
        }
        request.bodyHandler(body -> PlainRequest.guarded(context, () -> {
            if (!way.isTaken(context, caller.get(), body)) {
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
                PlainRequest.name(context, VERIFY);
                PlainRequest.guarded(
                        context,
                        () -> outcome.ifPresentOrElse(
                                one -> answer(context, answers.of(one)), () -> unavailable(context)));
            });
        });
        return credential.isPresent();
    }

    private boolean batchAnswered(RoutingContext context, Credential caller, Buffer body) {
        return batches.isDecided(caller, body, RequestFacts.of(context), outcomes -> {
            PlainRequest.name(context, BATCH);
            PlainRequest.guarded(context, () -> answer(context, outcomes));
        });
    }

    private void answer(RoutingContext context, List<Optional<Outcome>> outcomes) {
        var undecided = outcomes.stream().filter(Optional::isEmpty).count();
        if (undecided == outcomes.size()) {
            unavailable(context);
            return;
        }
        if (undecided > 0) {
            LOG.errorf("%d of %d questions could not be decided", undecided, outcomes.size());
        }
        answer(context, answers.ofBatch(outcomes));
    }

    private void answer(RoutingContext context, byte[] text) {
        if (!context.response().closed()) {
            context.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8")
                    .end(Buffer.buffer(Unpooled.wrappedBuffer(text)));
        }
    }

    private void unavailable(RoutingContext context) {
        problems.send(context, LimitAnswer.refusal(LimitDecision.NOBODY_DECIDES));
    }
}
