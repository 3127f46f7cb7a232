package dev.latchkey.oauthlogin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Logins at providers. */
@ConfigMapping(prefix = "latchkey.login")
interface LoginConfig {

    /** How long one may take, from the redirect to the callback. */
    @WithDefault("10m")
    Duration life();
}
