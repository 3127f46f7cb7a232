package dev.latchkey.identity;

import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.id.Uuid7;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.Generated;
import org.jspecify.annotations.Nullable;

/** Someone who can log in. */
@Entity
@Table(name = "users")
public class User extends PanacheEntityBase {

    @Id
    public UUID id;

    /** Counts users from 1; what older systems call the user id. */
    @Generated
    @Column(insertable = false, updatable = false)
    public Long number;

    public UUID tenantId;
    public String username;
    public String email;
    String passwordHash;

    @Convert(converter = RoleColumn.class)
    public Role role;

    public @Nullable Instant disabledAt;
    public Instant createdAt;
    Instant updatedAt;

    static User of(Tenant tenant, String username, String email, String passwordHash, Role role, Instant now) {
        var user = new User();
        user.id = Uuid7.next();
        user.tenantId = tenant.id;
        user.username = username;
        user.email = email;
        user.passwordHash = passwordHash;
        user.role = role;
        user.createdAt = now;
        user.updatedAt = now;
        return user;
    }

    public static Optional<User> findByLogin(String usernameOrEmail) {
        var lower = usernameOrEmail.toLowerCase(Locale.ROOT);
        // A user name has no @, so that at most one of the two can match.
        return find("lower(username) = ?1 or lower(email) = ?1", lower).firstResultOptional();
    }

    static boolean isTaken(String username, String email) {
        return count(
                        "lower(username) = ?1 or lower(email) = ?2",
                        username.toLowerCase(Locale.ROOT),
                        email.toLowerCase(Locale.ROOT))
                > 0;
    }

    /** Whether the user's password and state are as they were seen; they then stay so until the transaction ends. */
    public static boolean isStill(User seen) {
        return User.<User>find("id = ?1 and passwordHash = ?2 and disabledAt is null", seen.id, seen.passwordHash)
                .withLock(LockModeType.PESSIMISTIC_READ)
                .firstResultOptional()
                .isPresent();
    }

    /** The user as it is now, locked until the transaction ends. */
    static Optional<User> locked(UUID id) {
        return findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE);
    }

    static boolean anyAdmin() {
        return count("role in (?1, ?2)", Role.ADMIN, Role.OWNER) > 0;
    }

    static Optional<User> firstAdmin() {
        return find("role in (?1, ?2) order by number", Role.ADMIN, Role.OWNER)
                .range(0, 0)
                .firstResultOptional();
    }

    public boolean isDisabled() {
        return disabledAt != null;
    }
}
