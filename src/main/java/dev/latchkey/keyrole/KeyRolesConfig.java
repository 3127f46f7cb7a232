package dev.latchkey.keyrole;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What keys there are, and who may create them. */
// Public, with what is in it: a map of groups is validated from elsewhere.
@ConfigMapping(prefix = "latchkey.api-keys")
public interface KeyRolesConfig {

    /** In which last part of its life a key may be refreshed. */
    @WithDefault("24h")
    Duration refreshWindow();

    /** The roles of keys that anyone may create, credential or not; empty for none. */
    @WithDefault("basic")
    Optional<List<String>> anyoneCreates();

    /** By name: small letters, digits and {@code _}. */
    Map<String, RoleConfig> roles();

    /** What keys of a role may do. */
    interface RoleConfig {
        List<String> scopes();

        Duration life();

        /** Requests; absent for no limit. A 60th of it, and at least 10, may come at once. */
        OptionalLong perHour();

        /** The roles of keys that a key of this role may create; {@code *} for all. */
        Optional<List<String>> creates();
    }
}
