package dev.latchkey.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How passwords are kept. */
@ConfigMapping(prefix = "latchkey.identity")
public interface IdentityConfig {

    /** The logarithm of bcrypt's rounds, 4 to 31. Each step doubles the time of a login and of a guess. */
    @WithDefault("12")
    int bcryptCost();
}
