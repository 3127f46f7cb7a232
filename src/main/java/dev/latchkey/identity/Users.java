package dev.latchkey.identity;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What users do with their own account, and admins with everyone's. */
@ApplicationScoped
public class Users {

    private final Passwords passwords;
    private final AuditLog audit;
    private final Event<UserEvent> events;
    private final Event<UserEvent.PasswordTried> tries;
    private final Clock clock;

    Users(
            Passwords passwords,
            AuditLog audit,
            Event<UserEvent> events,
            Event<UserEvent.PasswordTried> tries,
            Clock clock) {
        this.passwords = passwords;
        this.audit = audit;
        this.events = events;
        this.tries = tries;
        this.clock = clock;
    }

    @Transactional
    public User get(UUID id) {
        return User.<User>findByIdOptional(id).orElseThrow(Problem::notFound);
    }

    /** The tenant of the user with that name, or of the first administrator; for what is nobody's else. In the caller's transaction. */
    public Optional<UUID> tenantOfInstallation(Optional<String> username) {
        return username.map(User::findByLogin).orElseGet(User::firstAdmin).map(user -> user.tenantId);
    }

    @Transactional
    Page<UserView> list(PageRequest page, @Nullable String text, Optional<Role> role) {
        var where = new StringBuilder("1 = 1");
        var parameters = new HashMap<String, Object>();
        page.after().ifPresent(after -> {
            where.append(" and id < :after");
            parameters.put("after", after);
        });
        if (text != null) {
            where.append(" and (position(:text in lower(username)) > 0 or position(:text in lower(email)) > 0)");
            parameters.put("text", text.toLowerCase(Locale.ROOT));
        }
        role.ifPresent(wanted -> {
            where.append(" and role = :role");
            parameters.put("role", wanted);
        });
        var rows = User.<User>find(where + " order by id desc", parameters)
                .range(0, page.limit())
                .list();
        return page.page(rows, user -> user.id, UserView::of);
    }

    /** Nobody gives a role above their own, changes someone above them, or changes themselves: an admin cannot lock the last admin out. */
    @Transactional
    User change(Caller admin, UUID id, Optional<Role> role, Optional<Boolean> disabled) {
        var user = User.locked(id).orElseThrow(Problem::notFound);
        if (admin.userId().equals(Optional.of(id))) {
            throw new Problem(CommonProblem.CONFLICT, "Nobody changes their own role or state");
        }
        if (!admin.role().covers(user.role) || role.isPresent() && !admin.role().covers(role.get())) {
            throw new Problem(CommonProblem.INSUFFICIENT_ROLE, "This takes a higher role")
                    .with("your_role", admin.role());
        }
        var before = facts(user);
        user.role = role.orElse(user.role);
        if (disabled.isPresent() && disabled.get() != user.isDisabled()) {
            user.disabledAt = disabled.get() ? clock.instant() : null;
        }
        user.updatedAt = clock.instant();
        audit.record(
                AuditEntry.of(user.tenantId, "user.changed", "user", user.id).changed(before, facts(user)));
        events.fire(new UserEvent.AccessChanged(user.id, user.isDisabled()));
        return user;
    }

    /** @throws Problem {@code invalid_credentials} if the current password is wrong, {@code account_locked} after too many such */
    void changePassword(Caller caller, String current, String replacement) {
        var seen =
                QuarkusTransaction.requiringNew().call(() -> get(caller.userId().orElseThrow()));
        tries.fire(new UserEvent.PasswordTried(seen.id));
        if (!passwords.matches(seen, current)) {
            throw wrongPassword();
        }
        passwords.check("new_password", replacement, seen.username, seen.email);
        // Hashed outside the transaction: whoever waits for a turn must not hold a connection meanwhile.
        var hash = passwords.hash(replacement);
        QuarkusTransaction.requiringNew().run(() -> replacePassword(caller, seen, hash));
    }

    private static Map<String, Object> facts(User user) {
        return Map.of("role", user.role.word(), "disabled", user.isDisabled());
    }

    private void replacePassword(Caller caller, User seen, String hash) {
        var user = User.locked(seen.id).orElseThrow(Problem::notFound);
        if (!user.passwordHash.equals(seen.passwordHash) || user.isDisabled()) {
            throw wrongPassword();
        }
        user.passwordHash = hash;
        user.updatedAt = clock.instant();
        audit.record(AuditEntry.of(user.tenantId, "user.password_changed", "user", user.id));
        events.fire(new UserEvent.PasswordChanged(user.id, Optional.of(caller.id())));
    }

    private static Problem wrongPassword() {
        return new Problem(IdentityProblem.INVALID_CREDENTIALS, "The current password is wrong");
    }
}
