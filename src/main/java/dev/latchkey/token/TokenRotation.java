package dev.latchkey.token;

import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.http.Idempotency;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gives a token a successor, and retires it when a grace has passed. */
@ApplicationScoped
class TokenRotation {

    private final TokenService tokens;
    private final TokenCredits credits;
    private final Idempotency idempotency;
    private final Clock clock;

    TokenRotation(TokenService tokens, TokenCredits credits, Idempotency idempotency, Clock clock) {
        this.tokens = tokens;
        this.credits = credits;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    /**
     * Makes a successor that may do the same, with the same budget. The old token expires after the grace, or is revoked now
     * if there is none.
     *
     * @throws Problem {@code conflict} if it is not in use any more, or was rotated before
     */
    @Transactional
    TokenView rotate(Caller caller, UUID id, int graceSeconds, @Nullable String idempotencyKey) {
        return idempotency.once(
                idempotencyKey,
                caller,
                "token.rotate " + id,
                graceSeconds,
                TokenView.class,
                () -> rotate(caller, id, graceSeconds));
    }

    private TokenView rotate(Caller caller, UUID id, int graceSeconds) {
        var old = ApiToken.findToChange(caller.tenantId(), id).orElseThrow(Problem::notFound);
        var now = clock.instant();
        var status = TokenStatus.of(old, now);
        if (status == TokenStatus.REVOKED || status == TokenStatus.EXPIRED) {
            throw new Problem(CommonProblem.CONFLICT, "A token that is " + status.word() + " cannot be rotated");
        }
        if (old.supersededAt != null) {
            throw new Problem(CommonProblem.CONFLICT, "This token was rotated before; rotate its successor");
        }
        var successor = successor(caller, old, now);
        var text = tokens.store(successor);
        var before = TokenService.facts(old);
        retire(old, graceSeconds, now);
        tokens.changed(
                old,
                TokenService.about(old, "token.rotated")
                        .changed(before, TokenService.facts(old))
                        .with("successor", successor.id)
                        .with("grace_seconds", graceSeconds));
        return TokenView.of(successor, null, credits.of(successor), now).withText(text.reveal());
    }

    private static void retire(ApiToken old, int graceSeconds, Instant now) {
        old.supersededAt = now;
        old.updatedAt = now;
        if (graceSeconds == 0) {
            old.revokedAt = now;
            return;
        }
        var graceEnd = now.plusSeconds(graceSeconds);
        if (old.expiresAt == null || graceEnd.isBefore(old.expiresAt)) {
            old.expiresAt = graceEnd;
        }
    }

    private static ApiToken successor(Caller caller, ApiToken old, Instant now) {
        var token = new ApiToken();
        token.id = Uuid7.next();
        token.tenantId = old.tenantId;
        token.familyId = old.familyId;
        token.name = old.name;
        token.environment = old.environment;
        token.scopes = old.scopes;
        TokenBudgets.copy(old, token);
        token.allowedCidrs = old.allowedCidrs;
        token.metadata = old.metadata;
        token.enabled = old.enabled;
        // It lives as long as the old one was meant to: rotating in time keeps a token from expiring.
        token.expiresAt = old.expiresAt == null ? null : now.plus(Duration.between(old.createdAt, old.expiresAt));
        token.rotatedFrom = old.id;
        token.teamId = old.teamId;
        token.createdAt = now;
        token.updatedAt = now;
        token.createdBy = caller.userId().orElseThrow();
        return token;
    }
}
