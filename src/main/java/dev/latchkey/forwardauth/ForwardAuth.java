package dev.latchkey.forwardauth;

import dev.latchkey.access.Costs;
import dev.latchkey.access.PresentedCredential;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.Refusals;
import dev.latchkey.credential.VerificationCode;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.platform.caller.PermissionQuery;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.problem.ProblemCode;
import dev.latchkey.verification.Outcome;
import dev.latchkey.verification.Question;
import dev.latchkey.verification.VerificationProblem;
import dev.latchkey.verification.Verifier;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells a gateway by status and headers. Of a parameter that comes twice the first counts, and of {@code scope} all do: what a client
 * could append to a gateway's query asks for more, and never for less.
 */
@ApplicationScoped
class ForwardAuth {

    static final String ENDPOINT = "/api/v1/forward-auth";
    private static final String CODE = "X-Latchkey-Code";
    private static final int MOST_SCOPES = 64;
    private static final int FORBIDDEN = 403;
    // They come back in WWW-Authenticate.
    private static final Pattern SCOPE = Pattern.compile("[A-Za-z0-9_.:*/-]{1,100}");

    private final Verifier verifier;
    private final Costs costs;

    ForwardAuth(Verifier verifier, Costs costs) {
        this.verifier = verifier;
        this.costs = costs;
    }

    /** Completes if the request may pass; fails with the problem that is the answer if not. */
    Uni<Void> allow(RoutingContext context) {
        return Uni.createFrom()
                .deferred(() -> decide(context))
                .onFailure()
                .invoke(failure -> describe(failure, context.response().headers()));
    }

    /** Also what no check refused has a code: that of the problem, in capitals. */
    static void describe(Throwable failure, MultiMap headers) {
        if (!headers.contains(CODE)) {
            headers.set(
                    CODE,
                    failure instanceof Problem problem
                            ? problem.code().code().toUpperCase(Locale.ROOT)
                            : VerificationCode.UNAVAILABLE.name());
        }
    }

    private Uni<Void> decide(RoutingContext context) {
        var asked = Asked.of(context);
        var presented = PresentedCredential.of(context.request().headers(), false)
                .orElseThrow(() -> new Problem(CommonProblem.NOT_AUTHENTICATED, "Not authenticated"));
        var question = question(context, asked, presented.text().reveal());
        return costs.paid(question.text(), question.facts(), () -> verifier.verify(question))
                .invoke(outcome -> answer(outcome, question, asked.tooManyStatus(), context))
                .replaceWithVoid();
    }

    static Question question(RoutingContext context, Asked asked, String text) {
        var facts = RequestFacts.of(context);
        return new Question(text, asked.tenant(), facts.address(), asked.needs(), 1, List.of(), "GET", ENDPOINT, facts);
    }

    /** What the gateway asks for, in its query. */
    record Asked(Optional<UUID> tenant, PermissionQuery needs, int tooManyStatus) {

        /** @throws Problem naming the parameter that is not valid */
        static Asked of(RoutingContext context) {
            var status = parseTooManyStatus(first(context, "too_many"));
            var tenant = Optional.ofNullable(first(context, "tenant")).map(ForwardAuth::parseTenant);
            return new Asked(tenant, PermissionQuery.all(parseScopes(all(context, "scope"))), status);
        }
    }

    /** @throws Problem that is the answer, if the request may not pass */
    static void answer(Outcome outcome, Question question, int tooManyStatus, RoutingContext context) {
        var headers = context.response().headers();
        headers.set(CODE, outcome.code().name());
        answer(outcome, question, tooManyStatus, headers);
    }

    private static void answer(Outcome outcome, Question question, int tooManyStatus, MultiMap headers) {
        switch (outcome.code()) {
            case VALID, RATE_LIMITED, USAGE_EXCEEDED -> {
                outcome.credential().ifPresent(credential -> describe(credential, headers));
                outcome.limits().ifPresent(limits -> describe(limits, headers));
                outcome.lease().ifPresent(lease -> headers.set("X-Latchkey-Lease", lease.id()));
                refusal(outcome, tooManyStatus).ifPresent(problem -> {
                    throw problem;
                });
            }
            case INSUFFICIENT_SCOPE ->
                throw new Problem(CommonProblem.INSUFFICIENT_SCOPE, "The credential lacks a scope that is needed here")
                        .with("required_scopes", question.needs().words());
            case MALFORMED, NOT_FOUND, REVOKED, DISABLED, EXPIRED, FORBIDDEN_IP, UNAVAILABLE ->
                throw Refusals.of(outcome.code());
        }
    }

    private static Optional<Problem> refusal(Outcome outcome, int tooManyStatus) {
        return outcome.limits().filter(limits -> !limits.allowed()).map(limits -> {
            var problem = new Problem(problem(outcome, tooManyStatus), detail(outcome, limits))
                    .with("violated_policies", limits.violated());
            outcome.retryAfterSeconds().ifPresent(seconds -> problem.header("Retry-After", Long.toString(seconds)));
            return problem;
        });
    }

    private static String detail(Outcome outcome, LimitDecision limits) {
        return outcome.code() == VerificationCode.USAGE_EXCEEDED
                ? VerificationProblem.USAGE_EXCEEDED.title()
                : LimitAnswer.detail(limits);
    }

    private static ProblemCode problem(Outcome outcome, int tooManyStatus) {
        if (tooManyStatus == FORBIDDEN) {
            return VerificationProblem.LIMIT_USED_UP;
        }
        return outcome.code() == VerificationCode.USAGE_EXCEEDED
                ? VerificationProblem.USAGE_EXCEEDED
                : CommonProblem.RATE_LIMITED;
    }

    private static void describe(LimitDecision limits, MultiMap headers) {
        LimitAnswer.describe(limits, headers);
        limits.credits()
                .ifPresent(credits -> headers.set("X-Latchkey-Credits-Remaining", Long.toString(credits.remaining())));
    }

    private static void describe(Credential credential, MultiMap headers) {
        headers.set("X-Latchkey-Key-Id", credential.keyId());
        headers.set("X-Latchkey-Tenant-Id", credential.tenantId().toString());
        headers.set("X-Latchkey-Kind", credential.kind().word());
        headers.set("X-Latchkey-Scopes", String.join(" ", credential.scopes().words()));
        credential.label().ifPresent(label -> headers.set("X-Latchkey-Role", label.role()));
        credential.userId().ifPresent(user -> headers.set("X-Latchkey-Owner", user.toString()));
    }

    private static List<String> parseScopes(List<String> lines) {
        var scopes = lines.stream()
                .flatMap(line -> Arrays.stream(line.split("[ ,]+")))
                .filter(scope -> !scope.isEmpty())
                .toList();
        if (!scopes.stream().allMatch(scope -> SCOPE.matcher(scope).matches())) {
            throw Problem.invalidField("scope", "must be scopes, with blanks or commas between them");
        }
        if (scopes.size() > MOST_SCOPES) {
            throw Problem.invalidField("scope", "must have at most " + MOST_SCOPES + " scopes");
        }
        return scopes;
    }

    private static UUID parseTenant(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Problem.invalidField("tenant", "must be a UUID");
        }
    }

    private static int parseTooManyStatus(@Nullable String text) {
        return switch (text) {
            case null -> 429;
            case "429" -> 429;
            case "403" -> FORBIDDEN;
            default -> throw Problem.invalidField("too_many", "must be 429 or 403");
        };
    }

    private static @Nullable String first(RoutingContext context, String parameter) {
        return all(context, parameter).stream().findFirst().orElse(null);
    }

    private static List<String> all(RoutingContext context, String parameter) {
        try {
            return context.queryParam(parameter);
        } catch (HttpException e) {
            throw new Problem(CommonProblem.INVALID_REQUEST, "The query cannot be decoded");
        }
    }
}
