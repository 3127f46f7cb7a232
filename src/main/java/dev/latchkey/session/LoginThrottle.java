package dev.latchkey.session;

import dev.latchkey.platform.crypto.Digests;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Locks a login after too many failures. An attempt is counted before the password is looked at, so that parallel
 * guesses get no more tries than guesses in a row; a success wipes the count.
 */
@ApplicationScoped
class LoginThrottle {

    private final EntityManager database;
    private final SessionConfig config;
    private final Clock clock;

    LoginThrottle(EntityManager database, SessionConfig config, Clock clock) {
        this.database = database;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Counts one attempt.
     *
     * @param onLocked done in the transaction of the count, once for each lock and not for each attempt under it
     * @return the time for which the login is locked, if it is; a locked attempt does not make that longer
     */
    Optional<Duration> attempt(String subject, Runnable onLocked) {
        var now = clock.instant();
        var windowOpened = now.minus(config.lockWindow());
        // In a transaction of its own: the count stays when the login is refused.
        var row = QuarkusTransaction.requiringNew().call(() -> {
            var counted = count(subject, now, windowOpened);
            if (failures(counted) == config.lockAfter() + 1) {
                onLocked.run();
            }
            return counted;
        });
        if (failures(row) <= config.lockAfter()) {
            return Optional.empty();
        }
        return Optional.of(Duration.between(now, ((Instant) row[1]).plus(config.lockWindow())));
    }

    private Object[] count(String subject, Instant now, Instant windowOpened) {
        return (Object[]) database.createNativeQuery("""
                        insert into login_failures as seen (subject, failures, window_start) values (?1, 1, ?2)
                        on conflict (subject) do update set
                            failures = case when seen.window_start <= ?3 then 1 else seen.failures + 1 end,
                            window_start = case when seen.window_start <= ?3 then ?2 else seen.window_start end
                        returning failures, window_start""")
                .setParameter(1, digest(subject))
                .setParameter(2, now)
                .setParameter(3, windowOpened)
                .getSingleResult();
    }

    private static int failures(Object[] row) {
        return ((Number) row[0]).intValue();
    }

    @Transactional
    void succeeded(String subject) {
        database.createNativeQuery("delete from login_failures where subject = ?1")
                .setParameter(1, digest(subject))
                .executeUpdate();
    }

    @Scheduled(every = "15m", delayed = "2m")
    @Transactional
    void forgetOld() {
        database.createNativeQuery("delete from login_failures where window_start < ?1")
                .setParameter(1, clock.instant().minus(config.lockWindow()))
                .executeUpdate();
    }

    // What was typed into a login form may be a password: it is not kept in clear.
    private static byte[] digest(String subject) {
        return Digests.sha256("login\n" + subject);
    }
}
