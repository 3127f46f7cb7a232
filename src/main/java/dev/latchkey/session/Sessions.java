package dev.latchkey.session;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.identity.User;
import dev.latchkey.identity.UserEvent;
import dev.latchkey.identity.UserView;
import dev.latchkey.platform.cache.Invalidations;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.signing.SignedCredentials;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Opens, refreshes and ends sessions. */
@ApplicationScoped
class Sessions implements SignedCredentials {

    private final AccessTokens accessTokens;
    private final SessionConfig config;
    private final AuditLog audit;
    private final Invalidations invalidations;
    private final Clock clock;

    Sessions(
            AccessTokens accessTokens, SessionConfig config, AuditLog audit, Invalidations invalidations, Clock clock) {
        this.accessTokens = accessTokens;
        this.config = config;
        this.audit = audit;
        this.invalidations = invalidations;
        this.clock = clock;
    }

    /** @throws Problem {@code invalid_credentials} if the user's password or state has changed since it was looked at */
    @Transactional
    SessionGrant open(User user, String address) {
        // Whoever changed it has ended the sessions that were there by then: this one would outlive the change.
        if (!User.isStill(user)) {
            throw Login.refused();
        }
        var now = clock.instant();
        var session = Session.of(user, address, now, now.plus(config.refreshLife()));
        session.persist();
        audit.record(AuditEntry.of(user.tenantId, "session.opened", "session", session.id)
                .with("user_id", user.id));
        return grant(session, user);
    }

    /**
     * Replaces a refresh token.
     *
     * @throws Problem {@code refresh_reused} for one that was used, after its family was ended; {@code invalid_token} or {@code
     *     expired_token} else
     */
    @Transactional(dontRollbackOn = Problem.class)
    SessionGrant refresh(Secret text) {
        var token = RefreshToken.find(text).orElseThrow(() -> invalid("The refresh token is not valid"));
        // Locked before the token is looked at again: of two who come with it together, one is first.
        var session = Session.locked(token.sessionId);
        RefreshToken.getEntityManager().refresh(token);
        var now = clock.instant();
        if (token.usedAt != null) {
            endFor(session, "refresh_reused");
            throw new Problem(
                    SessionProblem.REFRESH_REUSED, "This refresh token was used before; the session has ended");
        }
        if (session.endedAt != null) {
            throw new Problem(CommonProblem.REVOKED_TOKEN, "The session has ended");
        }
        if (!session.isRunning(now)) {
            throw new Problem(CommonProblem.EXPIRED_TOKEN, "The refresh token has expired");
        }
        var user = User.<User>findById(session.userId);
        token.usedAt = now;
        session.expiresAt = earlier(now.plus(config.refreshLife()), session.createdAt.plus(config.longestLife()));
        return grant(session, user);
    }

    /** Ends the session of a refresh token; says nothing about one that means nothing. */
    @Transactional
    void logout(Secret text) {
        RefreshToken.find(text)
                .map(token -> Session.locked(token.sessionId))
                .ifPresent(session -> endFor(session, "logout"));
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void onUserEvent(@Observes UserEvent event) {
        switch (event) {
            case UserEvent.PasswordChanged changed -> endAll(changed, "password_changed", changed.keptSession());
            case UserEvent.AccessChanged changed
            when changed.disabled() -> endAll(changed, "user_changed", Optional.empty());
            // The role is read with the session: what is cached of it is out of date now.
            case UserEvent.AccessChanged changed ->
                Session.runningOf(changed.userId()).forEach(this::forgetSnapshot);
        }
    }

    @Override
    public String word() {
        return "sessions";
    }

    @Override
    public long countSignedBy(String kid) {
        return Session.countSignedBy(kid, clock.instant());
    }

    @Scheduled(every = "1h", delayed = "3m")
    @Transactional
    void forgetOld() {
        Session.delete("expiresAt < ?1", clock.instant().minus(Duration.ofDays(30)));
    }

    private void endAll(UserEvent event, String reason, Optional<UUID> kept) {
        Session.runningOf(event.userId()).stream()
                .filter(session -> !kept.equals(Optional.of(session.id)))
                .forEach(session -> endFor(session, reason));
    }

    private void endFor(Session session, String reason) {
        if (session.endedAt == null) {
            session.end(reason, clock.instant());
            audit.record(AuditEntry.of(session.tenantId, "session.ended", "session", session.id)
                    .with("user_id", session.userId)
                    .with("reason", reason));
            forgetSnapshot(session);
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void forgetSnapshot(Session session) {
        invalidations.announce(SessionVerifier.CACHE, session.id.toString());
    }

    private SessionGrant grant(Session session, User user) {
        var now = clock.instant();
        var refresh = RefreshToken.issue(session, now);
        var access = accessTokens.issue(session, now);
        session.wasGiven(access);
        return new SessionGrant(
                access.signed().text(), "bearer", config.accessLife().toSeconds(), refresh.reveal(), UserView.of(user));
    }

    private static Problem invalid(String detail) {
        return new Problem(CommonProblem.INVALID_TOKEN, detail);
    }
}
