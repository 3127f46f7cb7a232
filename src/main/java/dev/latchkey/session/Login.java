package dev.latchkey.session;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.identity.IdentityProblem;
import dev.latchkey.identity.Passwords;
import dev.latchkey.identity.User;
import dev.latchkey.identity.UserEvent;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Checks a user name and a password; the answers to a wrong name and to a wrong password are one, in words and in time. */
@ApplicationScoped
class Login {

    private final LoginThrottle throttle;
    private final Passwords passwords;
    private final Sessions sessions;
    private final AuditLog audit;

    Login(LoginThrottle throttle, Passwords passwords, Sessions sessions, AuditLog audit) {
        this.throttle = throttle;
        this.passwords = passwords;
        this.sessions = sessions;
        this.audit = audit;
    }

    /** @throws Problem {@code invalid_credentials} or {@code account_locked} */
    SessionGrant login(String usernameOrEmail, String password, String address) {
        var found = QuarkusTransaction.requiringNew().call(() -> User.findByLogin(usernameOrEmail));
        // One count for a user's name and address together, and one for each text that is nobody's.
        var subject = found.map(user -> user.id.toString()).orElse(usernameOrEmail.toLowerCase(Locale.ROOT));
        refuseIfLocked(throttle.attempt(subject, () -> found.ifPresent(this::recordLock)));
        var user = authenticate(found, password);
        throttle.succeeded(subject);
        return sessions.open(user, address);
    }

    /** Whoever has stolen a session guesses no faster than whoever has not. */
    void onPasswordTried(@Observes UserEvent.PasswordTried tried) {
        refuseIfLocked(throttle.attempt(tried.userId().toString(), () -> User.<User>findByIdOptional(tried.userId())
                .ifPresent(this::recordLock)));
    }

    void onPasswordChanged(@Observes UserEvent.PasswordChanged changed) {
        throttle.succeeded(changed.userId().toString());
    }

    // Each lock, and not each failure: whoever guesses must not fill the log.
    private void recordLock(User user) {
        audit.record(AuditEntry.of(user.tenantId, "user.login_locked", "user", user.id));
    }

    private static void refuseIfLocked(Optional<Duration> lock) {
        lock.ifPresent(locked -> {
            throw new Problem(SessionProblem.ACCOUNT_LOCKED, "Too many failed logins; try again later")
                    .header("Retry-After", Long.toString(Math.max(1, locked.toSeconds() + 1)));
        });
    }

    private User authenticate(Optional<User> found, String password) {
        if (found.isEmpty()) {
            passwords.matchesNobody(password);
        }
        return found.filter(user -> passwords.matches(user, password))
                .filter(user -> !user.isDisabled())
                .orElseThrow(Login::refused);
    }

    static Problem refused() {
        return new Problem(IdentityProblem.INVALID_CREDENTIALS, "The user name or the password is wrong");
    }
}
