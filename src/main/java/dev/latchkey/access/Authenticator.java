package dev.latchkey.access;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.credential.Refusals;
import dev.latchkey.credential.Verification;
import dev.latchkey.credential.VerificationCode;
import dev.latchkey.decision.Limiter;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.platform.caller.Access.Who;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.session.SessionVerifier;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Who is calling: tells a credential's kind by its shape, and asks the one who knows that kind. */
@ApplicationScoped
class Authenticator {

    private final SessionVerifier sessions;
    private final CredentialLookup credentials;
    private final Budgets budgets;
    private final Limiter limiter;
    private final Costs costs;

    Authenticator(
            SessionVerifier sessions, CredentialLookup credentials, Budgets budgets, Limiter limiter, Costs costs) {
        this.costs = costs;
        this.sessions = sessions;
        this.credentials = credentials;
        this.budgets = budgets;
        this.limiter = limiter;
    }

    /** Fails with the 400 or 401 that is due. On public endpoints credentials are not looked at. */
    Uni<Admission> admit(AccessRule rule, MultiMap headers, RequestFacts request) {
        var presented = rule.who() == Who.PUBLIC
                ? Optional.<PresentedCredential>empty()
                : PresentedCredential.of(headers, rule.clientCredentials());
        if (presented.isEmpty()) {
            return rule.who() == Who.PUBLIC || rule.who() == Who.ANYONE
                    ? Uni.createFrom().item(admission(rule, Optional.empty(), budgets.ofAddress(request.address())))
                    : Uni.createFrom().failure(new Problem(CommonProblem.NOT_AUTHENTICATED, "Not authenticated"));
        }
        return authenticate(rule, presented.get(), request);
    }

    private Uni<Admission> authenticate(AccessRule rule, PresentedCredential presented, RequestFacts request) {
        var text = presented.text().reveal();
        if (presented.isOversized()) {
            return Uni.createFrom().failure(presented.refusal(invalid()));
        }
        if (credentials.recognises(text)) {
            return costs.paid(text, request, () -> credentials.verify(text, request.address()))
                    .chain(verification -> switch (verification) {
                        case Verification.Valid(Credential credential)
                        when presented.mayStandFor(credential.keyId()) ->
                            Uni.createFrom()
                                    .item(admission(
                                                    rule,
                                                    Optional.of(credential.asCaller()),
                                                    budgets.ofCredential(credential))
                                            .with(credential));
                        case Verification.Valid ignored -> charged(presented.refusal(invalid()), request);
                        // Garbage is told by its checksum: refusing it costs nothing, not even a look at a limit.
                        case Verification.Refused refused
                        when refused.code() == VerificationCode.MALFORMED ->
                            Uni.createFrom().failure(presented.refusal(invalid()));
                        case Verification.Refused refused ->
                            charged(presented.refusal(Refusals.of(refused.code())), request);
                    });
        }
        if (sessions.recognises(text) && presented.mayBeSession()) {
            return verifySession(text, request)
                    .map(caller -> admission(rule, Optional.of(caller), budgets.ofSession(caller)));
        }
        return Uni.createFrom().failure(presented.refusal(invalid()));
    }

    private Uni<Caller> verifySession(String text, RequestFacts request) {
        var checked = sessions.remembers(text)
                ? sessions.verify(text)
                : costs.signature(request, () -> sessions.verify(text));
        return checked.onFailure(Authenticator::isRefusedToken)
                .recoverWithUni(problem -> charged((Problem) problem, request));
    }

    private static boolean isRefusedToken(Throwable failure) {
        return failure instanceof Problem problem && problem.code() != CommonProblem.RATE_LIMITED;
    }

    /** Refuses, at the expense of the address: what fails is not free, or guessing would be. */
    private <T> Uni<T> charged(Problem refusal, RequestFacts request) {
        return limiter.decide(budgets.ofAddress(request.address())).chain(decision -> Uni.createFrom()
                .failure(decision.allowed() ? refusal : LimitAnswer.refusal(decision)));
    }

    private Admission admission(AccessRule rule, Optional<Caller> caller, LimitRequest budget) {
        return new Admission(rule, caller, Optional.empty(), budgets.of(rule, budget));
    }

    private static Problem invalid() {
        return new Problem(CommonProblem.INVALID_TOKEN, "The credential is not valid");
    }
}
