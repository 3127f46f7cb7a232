package dev.latchkey.verification;

import dev.latchkey.chunk.Use;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.credential.CreditLimit;
import dev.latchkey.credential.Verification;
import dev.latchkey.credential.VerificationCode;
import dev.latchkey.decision.Limiter;
import dev.latchkey.lease.Leases;
import dev.latchkey.limit.CreditState;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.redis.RedisAwayException;
import dev.latchkey.settlement.RefusedUses;
import dev.latchkey.settlement.UseNotes.UseNote;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The checks, in their order. Non-blocking. */
@Singleton
public class Verifier {

    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY = 429;

    private final CredentialLookup credentials;
    private final Leases leases;
    private final Limiter limiter;
    private final RefusedUses refusals;
    private final Uses uses;
    private final Clock clock;

    Verifier(
            CredentialLookup credentials,
            Leases leases,
            Limiter limiter,
            RefusedUses refusals,
            Uses uses,
            Clock clock) {
        this.credentials = credentials;
        this.leases = leases;
        this.limiter = limiter;
        this.refusals = refusals;
        this.uses = uses;
        this.clock = clock;
    }

    /** Fails with {@link Problem} {@code unavailable} where limits cannot be decided, and are not to be passed over. */
    public Uni<Outcome> verify(Question question) {
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
        if (question.cost() == 0) {
            return refused;
        }
        uses.tell(question, credential, FORBIDDEN);
        return refusals.record(uses.of(question, credential, now, FORBIDDEN)).chain(() -> refused);
    }

    /** Whether the credential may be used for this, limits apart. Whoever asks must have found it usable. */
    public boolean permits(Question question, Credential credential) {
        return isKnownTo(question, credential) && question.needs().isMetBy(credential.scopes());
    }

    /**
     * Decides the rest for a credential that {@link #permits} found good, at a cost above 0.
     *
     * @param then gets the outcome; empty where limits cannot be decided, and are not to be passed over
     */
    public void decide(Question question, Credential credential, Consumer<Optional<Outcome>> then) {
        var now = clock.instant();
        var request = request(question, credential, now);
        var leased = leased(request, question, credential, now);
        if (leased != null) {
            then.accept(Optional.of(told(question, credential, leased, now)));
            return;
        }
        limiter.decide(
                request,
                new UseNote(uses.of(question, credential, now, Use.UNDECIDED)),
                decision -> then.accept(
                        decision.decidedBy() == DecidedBy.CLOSED
                                ? Optional.empty()
                                : Optional.of(told(question, credential, decision, now))));
    }

    private @Nullable LimitDecision leased(
            LimitRequest request, Question question, Credential credential, Instant now) {
        return leases.decide(request, () -> uses.of(question, credential, now, OK));
    }

    private static LimitRequest request(Question question, Credential credential, Instant now) {
        return new LimitRequest(
                credential.allowance().verifications(),
                credential.credits().map(limit -> limit.at(now)),
                question.cost());
    }

    private Uni<Outcome> decide(Question question, Credential credential, Instant now) {
        var request = request(question, credential, now);
        var leased = leased(request, question, credential, now);
        if (leased != null) {
            return Uni.createFrom().item(told(question, credential, leased, now));
        }
        var decision = question.cost() == 0
                ? limiter.decide(request)
                : limiter.decide(request, new UseNote(uses.of(question, credential, now, Use.UNDECIDED)));
        return decision.map(decided -> told(question, credential, decided, now));
    }

    private Outcome told(Question question, Credential credential, LimitDecision decision, Instant now) {
        var outcome = outcome(credential, decision, question.cost(), now);
        if (question.cost() > 0) {
            uses.tell(question, credential, outcome.isValid() ? OK : TOO_MANY);
        }
        return outcome;
    }

    private static Outcome outcome(Credential credential, LimitDecision decision, long cost, Instant now) {
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
                code,
                Optional.of(credential),
                Optional.of(decision),
                lease,
                retryAfter(credential, decision, cost, now));
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

    private static Optional<Long> retryAfter(Credential credential, LimitDecision decision, long cost, Instant now) {
        if (decision.allowed()) {
            return Optional.empty();
        }
        if (!decision.credits().map(CreditState::refused).orElse(false)) {
            return decision.retryAfterSeconds().stream().boxed().findFirst();
        }
        return credential
                .credits()
                .flatMap(CreditLimit::refill)
                .filter(refill -> refill.amount() >= cost)
                .map(refill -> Math.max(1, ChronoUnit.SECONDS.between(now, refill.periodEnd(now)) + 1));
    }

    private static Uni<Outcome> answer(VerificationCode code, Optional<Credential> credential) {
        return Uni.createFrom().item(Outcome.refused(code, credential));
    }
}
