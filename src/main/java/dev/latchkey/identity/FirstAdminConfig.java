package dev.latchkey.identity;

import dev.latchkey.platform.caller.Role;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The admin that is made at start if there is none. All three of name, address and password, or none. */
@ConfigMapping(prefix = "latchkey.admin")
interface FirstAdminConfig {

    /** {@code LATCHKEY_ADMIN_USERNAME}. */
    Optional<String> username();

    /** {@code LATCHKEY_ADMIN_EMAIL}. */
    Optional<String> email();

    /** {@code LATCHKEY_ADMIN_PASSWORD}; may be removed from the environment after the first start. */
    Optional<String> password();

    /** {@code admin}, or {@code owner} for one who may make and change owners. */
    @WithDefault("admin")
    Role role();
}
