package dev.latchkey.apikey;

import dev.latchkey.identity.Users;
import dev.latchkey.keyrole.KeyRole;
import dev.latchkey.keyrole.KeyRoles;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who creates keys: which roles they may give, and whose the keys are. In the caller's transaction. */
@Singleton
public class KeyMakers {

    /**
     * @param role as the caller knows it
     * @param creates the roles of keys that it may create
     * @param isAdministrator whether the user is one, or the key was created by one: what only they may create lives as long as they are one
     */
    public record Maker(
            UUID tenantId,
            @Nullable UUID user,
            @Nullable UUID key,
            String role,
            Set<String> creates,
            boolean isAdministrator) {}

    private static final String NOBODY = "anonymous";

    private final KeyRoles roles;
    private final Users users;
    private final Optional<String> owner;

    KeyMakers(KeyRoles roles, Users users, ApiKeyConfig config) {
        this.roles = roles;
        this.users = users;
        this.owner = config.anyonesOwner();
    }

    private Maker of(Optional<Caller> caller) {
        return caller.map(this::known)
                .orElseGet(() -> new Maker(anyones(), null, null, NOBODY, roles.anyoneCreates(), false));
    }

    /**
     * For who wants to create a key of that role.
     *
     * @throws Problem {@code insufficient_permissions}; {@code unavailable} if nobody known creates it, and there is nobody whose it could be
     */
    public Maker of(Optional<Caller> caller, KeyRole role) {
        var maker = of(caller);
        if (!maker.creates().contains(role.name())) {
            throw new Problem(
                            ApiKeyProblem.INSUFFICIENT_PERMISSIONS,
                            "A caller of the role " + maker.role() + " may not create keys of the role " + role.name())
                    .with("your_role", maker.role())
                    .with("requested_role", role.name())
                    .with("allowed_roles", maker.creates());
        }
        return maker;
    }

    private Maker known(Caller caller) {
        return switch (caller.kind()) {
            case SESSION -> {
                var isAdministrator = caller.role().covers(Role.ADMIN);
                var creates = isAdministrator ? roles.names() : roles.anyoneCreates();
                yield maker(caller, null, caller.role().word(), creates, isAdministrator);
            }
            case API_KEY -> {
                var key = ApiKey.<ApiKey>findById(caller.id());
                yield maker(caller, caller.id(), key.role, roles.creates(key.role), key.takesAdministrator);
            }
            // Nobody grants what they lack.
            case API_TOKEN, V1_KEY -> maker(caller, null, caller.kind().word(), covered(caller), false);
            // It was derived so that it may do less.
            case DERIVED_TOKEN -> maker(caller, null, caller.kind().word(), Set.of(), false);
        };
    }

    private Set<String> covered(Caller caller) {
        return roles.anyoneCreates().stream()
                .filter(role -> roles.find(role)
                        .filter(one ->
                                caller.scopes().missing(one.scopes().words()).isEmpty())
                        .isPresent())
                .collect(Collectors.toSet());
    }

    private static Maker maker(
            Caller caller, @Nullable UUID key, String role, Set<String> creates, boolean isAdministrator) {
        return new Maker(caller.tenantId(), caller.userId().orElse(null), key, role, creates, isAdministrator);
    }

    private UUID anyones() {
        return users.tenantOfInstallation(owner)
                .orElseThrow(() -> new Problem(
                        CommonProblem.UNAVAILABLE, "There is no administrator yet, whose the key would be"));
    }
}
