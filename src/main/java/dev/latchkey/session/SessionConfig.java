package dev.latchkey.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long things last. */
@ConfigMapping(prefix = "latchkey.session")
interface SessionConfig {

    @WithDefault("30m")
    Duration accessLife();

    /** How long a refresh token may wait for its use. */
    @WithDefault("14d")
    Duration refreshLife();

    /** How long a session may be refreshed, from its log-in on. */
    @WithDefault("90d")
    Duration longestLife();

    /** Failed logins in {@link #lockWindow} after which the account is locked to the window's end. */
    @WithDefault("10")
    int lockAfter();

    @WithDefault("15m")
    Duration lockWindow();
}
