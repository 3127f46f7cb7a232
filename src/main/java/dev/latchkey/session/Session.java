package dev.latchkey.session;

import dev.latchkey.identity.User;
import dev.latchkey.platform.id.Uuid7;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One log-in and all that was refreshed from it. */
@Entity
@Table(name = "sessions")
class Session extends PanacheEntityBase {

    @Id
    UUID id;

    UUID userId;
    UUID tenantId;
    String address;
    Instant createdAt;
    Instant expiresAt;

    /** The key that signed its latest access token. */
    @Nullable
    String signingKid;

    @Nullable
    Instant accessExpiresAt;

    /** The key before that one, if it signed an access token that may live still. */
    @Nullable
    String previousKid;

    @Nullable
    Instant previousExpiresAt;

    @Nullable
    Instant endedAt;

    @Nullable
    String endedReason;

    static Session of(User user, String address, Instant now, Instant expiresAt) {
        var session = new Session();
        session.id = Uuid7.next();
        session.userId = user.id;
        session.tenantId = user.tenantId;
        session.address = address;
        session.createdAt = now;
        session.expiresAt = expiresAt;
        return session;
    }

    static Session locked(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    static List<Session> runningOf(UUID userId) {
        return list("userId = ?1 and endedAt is null", userId);
    }

    static long countSignedBy(String kid, Instant now) {
        return count(
                "endedAt is null and (signingKid = ?1 and accessExpiresAt > ?2 or previousKid = ?1 and previousExpiresAt > ?2)",
                kid,
                now);
    }

    void wasGiven(AccessTokens.Issued access) {
        if (signingKid != null && !signingKid.equals(access.signed().kid())) {
            previousKid = signingKid;
            previousExpiresAt = accessExpiresAt;
        }
        signingKid = access.signed().kid();
        accessExpiresAt = access.expiresAt();
    }

    boolean isRunning(Instant now) {
        return endedAt == null && now.isBefore(expiresAt);
    }

    void end(String reason, Instant now) {
        endedAt = now;
        endedReason = reason;
    }
}
