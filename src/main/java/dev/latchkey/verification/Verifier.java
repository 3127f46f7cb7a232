package dev.latchkey.verification;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.credential.Verification;
import dev.latchkey.credential.VerificationCode;
import dev.latchkey.decision.Limiter;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.usage.Meter;
import dev.latchkey.usage.UsageEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The checks, in their order. Non-blocking. */
@ApplicationScoped
class Verifier {

    private final CredentialLookup credentials;
    private final Limiter limiter;
    private final Meter meter;
    private final Clock clock;

    Verifier(CredentialLookup credentials, Limiter limiter, Meter meter, Clock clock) {
        this.credentials = credentials;
        this.limiter = limiter;
        this.meter = meter;
        this.clock = clock;
    }

    /** Fails with {@link Problem} {@code unavailable} where limits cannot be decided, and the policy is to refuse then. */
    Uni<Outcome> verify(Question question) {
        return credentials.verify(question.text(), question.address()).chain(verification -> switch (verification) {
            case Verification.Valid(Credential credential) ->
                isKnownTo(question, credential)
                        ? authorise(question, credential)
                        : answer(VerificationCode.NOT_FOUND, Optional.empty());
            case Verification.Refused(VerificationCode code, Optional<Credential> credential) ->
                credential.isPresent() && !isKnownTo(question, credential.get())
                        ? answer(VerificationCode.NOT_FOUND, Optional.empty())
                        : answer(code, credential);
        });
    }

    private static boolean isKnownTo(Question question, Credential credential) {
        return question.tenant().isEmpty() || question.tenant().get().equals(credential.tenantId());
    }

    private Uni<Outcome> authorise(Question question, Credential credential) {
        if (!question.needs().isMetBy(credential.scopes())) {
            return metered(
                    question,
                    credential,
                    Outcome.refused(VerificationCode.INSUFFICIENT_SCOPE, Optional.of(credential)));
        }
        var request = new LimitRequest(credential.budget(), question.cost());
        return limiter.decide(request)
                .chain(decision -> decision.decidedBy() == DecidedBy.CLOSED
                        ? Uni.createFrom().failure(LimitAnswer.refusal(decision))
                        : metered(question, credential, decided(credential, decision)));
    }

    private static Outcome decided(Credential credential, LimitDecision decision) {
        return new Outcome(
                decision.allowed() ? VerificationCode.VALID : VerificationCode.RATE_LIMITED,
                Optional.of(credential),
                Optional.of(decision));
    }

    private static Uni<Outcome> answer(VerificationCode code, Optional<Credential> credential) {
        return Uni.createFrom().item(Outcome.refused(code, credential));
    }

    private Uni<Outcome> metered(Question question, Credential credential, Outcome outcome) {
        return question.cost() == 0
                ? Uni.createFrom().item(outcome)
                : meter.record(event(question, credential, outcome)).replaceWith(outcome);
    }

    private UsageEvent event(Question question, Credential credential, Outcome outcome) {
        return new UsageEvent(
                Uuid7.next(),
                clock.instant(),
                credential.tenantId(),
                credential.id(),
                credential.kind().word(),
                credential.userId(),
                question.endpoint(),
                question.method(),
                outcome.status(),
                Duration.ofNanos(System.nanoTime() - question.facts().startedNanos()),
                0,
                question.facts().id(),
                outcome.isValid() ? question.needs().words() : List.of());
    }
}
