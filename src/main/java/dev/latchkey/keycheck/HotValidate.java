package dev.latchkey.keycheck;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.keyrole.KeyRoles;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.platform.caller.PermissionQuery;
import dev.latchkey.platform.http.FilterOrder;
import dev.latchkey.platform.http.ProblemAnswer;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.http.RequestFilters;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.verification.Outcome;
import dev.latchkey.verification.PlainRequest;
import dev.latchkey.verification.Question;
import dev.latchkey.verification.Verifier;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;

/** The short way of a key's question about itself, for keys that this replica knows to be usable. */
@ApplicationScoped
class HotValidate {

    private static final int MOST_BYTES = 4 << 20;
    // What a text costs beside its bytes.
    private static final int ENTRY_BYTES = 160;

    private final RequestFilters filters;
    private final CredentialLookup credentials;
    private final Verifier verifier;
    private final ProblemAnswer problems;
    private final KeyRoles roles;
    private final ObjectMapper json;
    // By identity: a credential that is read anew is another one.
    private final Cache<Credential, byte[]> texts = Caffeine.newBuilder()
            .weakKeys()
            .maximumWeight(MOST_BYTES)
            .weigher((Credential credential, byte[] text) -> ENTRY_BYTES + text.length)
            .build();

    HotValidate(
            RequestFilters filters,
            CredentialLookup credentials,
            Verifier verifier,
            ProblemAnswer problems,
            KeyRoles roles,
            ObjectMapper json) {
        this.filters = filters;
        this.credentials = credentials;
        this.verifier = verifier;
        this.problems = problems;
        this.roles = roles;
        this.json = json;
    }

    void register(@Observes Router router) {
        router.get(ValidateResource.PATH).order(-FilterOrder.HOT_PATH).handler(this::validate);
    }

    private void validate(RoutingContext context) {
        if (!filters.begin(context)) {
            return;
        }
        var request = context.request();
        var facts = RequestFacts.of(context);
        var key = PlainRequest.acceptsJson(request) && !PlainRequest.isOfABrowser(request)
                ? PlainRequest.presented(request)
                        .flatMap(text -> credentials.glance(text, facts.address()))
                        .filter(ValidateResource::isOurs)
                : Optional.<Credential>empty();
        if (key.isEmpty()) {
            context.next();
            return;
        }
        credentials.countValid(key.get());
        var question = new Question(
                "",
                Optional.empty(),
                facts.address(),
                PermissionQuery.NOTHING,
                1,
                List.of(),
                "GET",
                ValidateResource.PATH,
                facts);
        verifier.decide(question, key.get(), outcome -> {
            PlainRequest.name(context, ValidateResource.PATH);
            PlainRequest.guarded(context, () -> answer(context, key.get(), outcome));
        });
    }

    private void answer(RoutingContext context, Credential key, Optional<Outcome> outcome) {
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
            context.response().end(Buffer.buffer(Unpooled.wrappedBuffer(texts.get(key, this::write))));
        }
    }

    private byte[] write(Credential key) {
        try {
            return json.writeValueAsBytes(ValidKey.of(key, roles.refreshWindow()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer is always JSON", e);
        }
    }
}
