package dev.latchkey.identity;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;
import org.hibernate.exception.ConstraintViolationException;

/** Makes users. */
@ApplicationScoped
class Registration {

    private final Passwords passwords;
    private final AuditLog audit;
    private final Clock clock;

    Registration(Passwords passwords, AuditLog audit, Clock clock) {
        this.passwords = passwords;
        this.audit = audit;
        this.clock = clock;
    }

    /** @throws Problem {@code conflict} if the user name or the address is taken, {@code validation_failed} for a weak password */
    User register(String username, String email, String password, Role role) {
        passwords.check("password", password, username, email);
        if (QuarkusTransaction.joiningExisting().call(() -> User.isTaken(username, email))) {
            throw taken();
        }
        // Hashed outside the transaction: whoever waits for a turn must not hold a connection meanwhile.
        var hash = passwords.hash(password);
        return QuarkusTransaction.joiningExisting().call(() -> insert(username, email, hash, role));
    }

    private User insert(String username, String email, String passwordHash, Role role) {
        var now = clock.instant();
        var tenant = Tenant.named(username, now);
        var user = User.of(tenant, username, email, passwordHash, role, now);
        try {
            tenant.persist();
            user.persistAndFlush();
        } catch (ConstraintViolationException e) {
            // Someone took the name between the look and the insert.
            throw taken();
        }
        audit.record(AuditEntry.of(tenant.id, "user.registered", "user", user.id)
                .with("username", username)
                .with("after", Map.of("role", role.word(), "disabled", false)));
        return user;
    }

    private static Problem taken() {
        return new Problem(CommonProblem.CONFLICT, "This user name or e-mail address is taken");
    }
}
