package dev.latchkey.keyrole;

import dev.latchkey.credential.Allowance;
import dev.latchkey.credential.ScopeCatalogue;
import dev.latchkey.keyrole.KeyRolesConfig.RoleConfig;
import dev.latchkey.limit.Budget;
import dev.latchkey.limit.Policy;
import dev.latchkey.limit.TokenBucket;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.problem.Problem;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The roles of keys, as the operator configured them. */
@Singleton
public class KeyRoles implements ScopeCatalogue.Source {

    private static final String SETTING = "latchkey.api-keys.roles.";
    private static final String ALL = "*";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,31}");
    private static final Duration LONGEST_LIFE = Duration.ofDays(3650);
    private static final int MOST_SCOPES = 64;
    private static final long MOST_PER_HOUR = 3_600_000_000L;
    private static final int LEAST_BURST = 10;
    private static final int BURSTS_AN_HOUR = 60;

    private final Map<String, KeyRole> roles = new TreeMap<>();
    private final Set<String> anyoneCreates;
    private final Duration refreshWindow;

    KeyRoles(KeyRolesConfig config) {
        config.roles().forEach((name, role) -> roles.put(name, role(name, role, config)));
        refreshWindow = config.refreshWindow();
        anyoneCreates = known(config.anyoneCreates().orElse(List.of()), config, "latchkey.api-keys.anyone-creates");
    }

    /** In which last part of its life a key may be refreshed. */
    public Duration refreshWindow() {
        return refreshWindow;
    }

    private static KeyRole role(String name, RoleConfig config, KeyRolesConfig all) {
        require(NAME.matcher(name).matches(), name, "is not a role's name: small letters, digits and _");
        require(
                !config.scopes().isEmpty()
                        && config.scopes().size() <= MOST_SCOPES
                        && config.scopes().stream().allMatch(ScopeCatalogue::isWord),
                name + ".scopes",
                "must be 1 to " + MOST_SCOPES + " scopes of the form word:word");
        // Whoever has it makes tokens, which belong to a user; and a derived token would outlive itself by them.
        require(
                !config.scopes().contains(Scopes.ADMIN_TENANT),
                name + ".scopes",
                "must not hold " + Scopes.ADMIN_TENANT);
        require(
                config.life().compareTo(all.refreshWindow()) > 0
                        && config.life().compareTo(LONGEST_LIFE) <= 0,
                name + ".life",
                "must be longer than the refresh window, and at most 3650 days");
        var limit = config.perHour();
        require(
                limit.isEmpty() || limit.getAsLong() >= 1 && limit.getAsLong() <= MOST_PER_HOUR,
                name + ".per-hour",
                "must be from 1 to " + MOST_PER_HOUR);
        var creates = known(config.creates().orElse(List.of()), all, SETTING + name + ".creates");
        return new KeyRole(name, Scopes.of(config.scopes()), config.life(), limit, creates);
    }

    private static Set<String> known(List<String> names, KeyRolesConfig config, String setting) {
        if (names.contains(ALL)) {
            return Set.copyOf(config.roles().keySet());
        }
        for (var name : names) {
            if (!config.roles().containsKey(name)) {
                throw new IllegalStateException(setting + ": there is no role " + name);
            }
        }
        return Set.copyOf(names);
    }

    private static void require(boolean holds, String setting, String message) {
        if (!holds) {
            throw new IllegalStateException(SETTING + setting + " " + message);
        }
    }

    @Override
    public Collection<String> scopes() {
        var scopes = new TreeSet<String>();
        roles.values().forEach(role -> scopes.addAll(role.scopes().words()));
        return scopes;
    }

    public Set<String> names() {
        return roles.keySet();
    }

    /** The roles of keys that anyone may create. */
    public Set<String> anyoneCreates() {
        return anyoneCreates;
    }

    /** The roles of keys that a key of that role may create: no fewer than anyone. */
    public Set<String> creates(String role) {
        var creates = new TreeSet<>(anyoneCreates);
        if (roles.containsKey(role)) {
            creates.addAll(roles.get(role).creates());
        }
        return creates;
    }

    /** The role of exactly that name, unless it is gone. */
    public Optional<KeyRole> find(String name) {
        return Optional.ofNullable(roles.get(name));
    }

    /**
     * The role that is meant: capitals count as small letters, and {@code -} as {@code _}.
     *
     * @throws Problem {@code invalid_role}
     */
    public KeyRole get(String word) {
        var role = roles.get(word.strip().toLowerCase(Locale.ROOT).replace('-', '_'));
        if (role == null) {
            throw new Problem(KeyRoleProblem.INVALID_ROLE, "There is no such role").with("valid_roles", names());
        }
        return role;
    }

    /**
     * What keys may use that share a budget.
     *
     * @param subject of the budget
     * @param limitWhenMade holds where the role is gone; null for none
     */
    public Allowance allowance(String subject, String role, @Nullable Long limitWhenMade) {
        var limit = roles.containsKey(role)
                ? roles.get(role).perHour()
                : limitWhenMade == null ? OptionalLong.empty() : OptionalLong.of(limitWhenMade);
        var policies = limit.isEmpty() ? List.<Policy>of() : List.of(bucket(limit.getAsLong()));
        return Allowance.of(List.of(new Budget(subject, policies)));
    }

    private static TokenBucket bucket(long perHour) {
        var interval = Math.ceilDiv(ChronoUnit.HOURS.getDuration().toSeconds() * 1_000_000, perHour);
        return new TokenBucket(
                "bucket", Math.max(LEAST_BURST, perHour / BURSTS_AN_HOUR), Duration.of(interval, ChronoUnit.MICROS));
    }
}
