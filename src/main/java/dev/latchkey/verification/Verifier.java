package dev.latchkey.verification;

import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.Use;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.credential.CreditLimit;
import dev.latchkey.credential.ScopeCatalogue;
import dev.latchkey.credential.Verification;
import dev.latchkey.credential.VerificationCode;
import dev.latchkey.decision.Limiter;
import dev.latchkey.limit.CreditState;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.redis.RedisAwayException;
import dev.latchkey.usage.Meter;
import dev.latchkey.verification.UseNotes.UseNote;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The checks, in their order. Non-blocking. */
@ApplicationScoped
class Verifier {

    private static final int FORBIDDEN = 403;

    private final CredentialLookup credentials;
    private final Limiter limiter;
    private final Meter meter;
    private final ScopeCatalogue catalogue;
    private final Clock clock;

    Verifier(CredentialLookup credentials, Limiter limiter, Meter meter, ScopeCatalogue catalogue, Clock clock) {
        this.credentials = credentials;
        this.limiter = limiter;
        this.meter = meter;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    /** Fails with {@link Problem} {@code unavailable} where limits cannot be decided, and are not to be passed over. */
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
        var now = clock.instant();
        if (question.needs().isMetBy(credential.scopes())) {
            return decide(question, credential, now);
        }
        var refused = answer(VerificationCode.INSUFFICIENT_SCOPE, Optional.of(credential));
        return question.cost() == 0
                ? refused
                : meter.record(Chunk.of(List.of(use(question, credential, now, FORBIDDEN))))
                        .chain(() -> refused);
    }

    /** Whether the credential may be used for this, limits apart. Whoever asks must have found it usable. */
    boolean permits(Question question, Credential credential) {
        return isKnownTo(question, credential) && question.needs().isMetBy(credential.scopes());
    }

    /**
     * Decides the rest for a credential that {@link #permits} found good, at a cost above 0.
     *
     * @param then gets the outcome; empty where limits cannot be decided, and are not to be passed over
     */
    void decide(Question question, Credential credential, Consumer<Optional<Outcome>> then) {
        var now = clock.instant();
        limiter.decide(
                request(question, credential, now),
                new UseNote(use(question, credential, now, Use.UNDECIDED)),
                decision -> then.accept(
                        decision.decidedBy() == DecidedBy.CLOSED
                                ? Optional.empty()
                                : Optional.of(outcome(credential, decision, now))));
    }

    private static LimitRequest request(Question question, Credential credential, Instant now) {
        return new LimitRequest(
                credential.allowance().verifications(),
                credential.credits().map(limit -> limit.at(now)),
                question.cost());
    }

    private Uni<Outcome> decide(Question question, Credential credential, Instant now) {
        var request = request(question, credential, now);
        var decision = question.cost() == 0
                ? limiter.decide(request)
                : limiter.decide(request, new UseNote(use(question, credential, now, Use.UNDECIDED)));
        return decision.map(decided -> outcome(credential, decided, now));
    }

    private static Outcome outcome(Credential credential, LimitDecision decision, Instant now) {
        if (decision.decidedBy() == DecidedBy.CLOSED) {
            throw LimitAnswer.refusal(decision);
        }
        var tooFewCredits = decision.credits().map(CreditState::refused).orElse(false);
        var code = decision.allowed()
                ? VerificationCode.VALID
                : tooFewCredits ? VerificationCode.USAGE_EXCEEDED : VerificationCode.RATE_LIMITED;
        var lease = decision.slot()
                .flatMap(slot ->
                        credential.allowance().slots().map(slots -> new Outcome.Lease(slot, now.plus(slots.length()))));
        return new Outcome(
                code, Optional.of(credential), Optional.of(decision), lease, retryAfter(credential, decision, now));
    }

    /**
     * Gives back the slot that a verification took. Whether anybody held it is not told: nor is anything about credentials of others. Fails with
     * {@link Problem} {@code unavailable} where it must be left to the end of its lease.
     */
    Uni<Void> release(UUID tenantId, String text, UUID lease) {
        return credentials.look(text).chain(found -> found.filter(
                        credential -> credential.tenantId().equals(tenantId))
                .map(credential -> limiter.release(credential.allowance().verifications(), lease.toString()))
                .orElseGet(() -> Uni.createFrom().voidItem())
                .onFailure(RedisAwayException.class)
                .transform(away -> new Problem(
                                CommonProblem.UNAVAILABLE,
                                "The slot cannot be given back now; try again shortly, or let its lease end")
                        .header("Retry-After", "1")));
    }

    private static Optional<Long> retryAfter(Credential credential, LimitDecision decision, Instant now) {
        if (decision.allowed()) {
            return Optional.empty();
        }
        return decision.credits().map(CreditState::refused).orElse(false)
                ? credential
                        .credits()
                        .flatMap(CreditLimit::refill)
                        .map(refill -> Math.max(1, ChronoUnit.SECONDS.between(now, refill.periodEnd(now)) + 1))
                : Optional.of(decision.retryAfterSeconds());
    }

    private static Uni<Outcome> answer(VerificationCode code, Optional<Credential> credential) {
        return Uni.createFrom().item(Outcome.refused(code, credential));
    }

    private Use use(Question question, Credential credential, Instant now, int status) {
        return new Use(
                ChronoUnit.MICROS.between(Instant.EPOCH, now),
                credential.tenantId(),
                credential.id(),
                credential.kind().word(),
                credential.userId(),
                question.method(),
                question.endpoint(),
                status,
                (System.nanoTime() - question.facts().startedNanos()) / 1000,
                used(question, credential),
                question.tags(),
                credential.credits().map(CreditLimit::account),
                credential.credits().isPresent() && status == Use.UNDECIDED ? question.cost() : 0,
                credential.allowance().policies(),
                credential.allowance().shadowPolicies());
    }

    // Asked for is whatever the asker wrote; used is what exists here, and the credential has.
    private List<String> used(Question question, Credential credential) {
        return question.needs().words().stream()
                .filter(word -> catalogue.has(word) && credential.scopes().covers(word))
                .toList();
    }
}
