package dev.latchkey.verification;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.PresentedCredential;
import dev.latchkey.credential.Refusals;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.platform.caller.Access;
import dev.latchkey.platform.caller.Access.Who;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** For gateways that hand each request's headers to a server of their choice, and let in what that answers with 2xx. */
@Path("/api/v1/forward-auth")
@Tag(name = "Verification")
class ForwardAuthResource {

    private static final String ENDPOINT = "/api/v1/forward-auth";
    private static final int MOST_SCOPES = 64;

    private final Verifier verifier;

    ForwardAuthResource(Verifier verifier) {
        this.verifier = verifier;
    }

    @GET
    @Access(value = Who.PUBLIC, limited = false)
    @ResponseStatus(200)
    @Operation(
            summary = "May this request pass?",
            description =
                    "Looks at the credential in the request's own `Authorization` or `X-API-Key`. 200 with `X-Latchkey-*` headers, or 401, 403, 429 with a problem; `X-Latchkey-Code` always tells the outcome. `scope`: required scopes, with blanks or commas. `tenant`: lets in that tenant's credentials only; without it every tenant's. `too_many`: 403 for gateways that know no 429.")
    public Uni<Void> allow(
            @RestQuery List<String> scope,
            @RestQuery @Nullable String tenant,
            @RestQuery("too_many") @Nullable String tooMany,
            @Context RoutingContext context) {
        var presented = PresentedCredential.of(context.request().headers(), false)
                .orElseThrow(() -> new Problem(CommonProblem.NOT_AUTHENTICATED, "Not authenticated"));
        var status = tooManyStatus(tooMany);
        var question = new Question(
                presented.text().reveal(),
                Optional.ofNullable(tenant).map(ForwardAuthResource::parseTenant),
                RequestFacts.of(context).address(),
                PermissionQuery.all(parseScopes(scope)),
                1,
                List.of(),
                "GET",
                ENDPOINT,
                RequestFacts.of(context));
        return verifier.verify(question)
                .invoke(outcome -> {
                    var headers = context.response().headers();
                    headers.set("X-Latchkey-Code", outcome.code().name());
                    answer(outcome, question, status, headers);
                })
                .replaceWithVoid();
    }

    private static void answer(Outcome outcome, Question question, int tooManyStatus, MultiMap headers) {
        switch (outcome.code()) {
            case VALID, RATE_LIMITED, USAGE_EXCEEDED -> {
                outcome.credential().ifPresent(credential -> describe(credential, headers));
                outcome.limits().ifPresent(limits -> answer(limits, tooManyStatus, headers));
            }
            case INSUFFICIENT_SCOPE ->
                throw new Problem(CommonProblem.INSUFFICIENT_SCOPE, "The credential lacks a scope that is needed here")
                        .with("required_scopes", question.needs().words());
            case MALFORMED, NOT_FOUND, REVOKED, DISABLED, EXPIRED, FORBIDDEN_IP -> throw Refusals.of(outcome.code());
        }
    }

    private static void answer(LimitDecision limits, int tooManyStatus, MultiMap headers) {
        LimitAnswer.describe(limits, headers);
        if (!limits.allowed()) {
            var refusal = LimitAnswer.refusal(limits);
            throw refusal.code() == CommonProblem.RATE_LIMITED && tooManyStatus == 403
                    ? new Problem(VerificationProblem.LIMIT_USED_UP, refusal.detail())
                            .header("Retry-After", Long.toString(limits.retryAfterSeconds()))
                            .with("violated_policies", limits.violated())
                    : refusal;
        }
    }

    private static void describe(Credential credential, MultiMap headers) {
        headers.set("X-Latchkey-Key-Id", credential.id().toString());
        headers.set("X-Latchkey-Tenant-Id", credential.tenantId().toString());
        headers.set("X-Latchkey-Kind", credential.kind().word());
        headers.set("X-Latchkey-Scopes", String.join(" ", credential.scopes().words()));
        credential.userId().ifPresent(user -> headers.set("X-Latchkey-Owner", user.toString()));
    }

    private static List<String> parseScopes(List<String> lines) {
        var scopes = lines.stream()
                .flatMap(line -> Arrays.stream(line.split("[ ,]+")))
                .filter(scope -> !scope.isEmpty())
                .toList();
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

    private static int tooManyStatus(@Nullable String text) {
        return switch (text) {
            case null -> 429;
            case "429" -> 429;
            case "403" -> 403;
            default -> throw Problem.invalidField("too_many", "must be 429 or 403");
        };
    }
}
