package dev.latchkey.grant;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How connections are kept alive. */
@ConfigMapping(prefix = "latchkey.connections")
public interface GrantConfig {

    /** At which part of its life an access token is refreshed, give or take a twentieth. */
    @WithDefault("0.8")
    double refreshAt();

    /** The first pause after a failed refresh; it doubles with each further one. */
    @WithDefault("5s")
    Duration retryAfter();

    /** The longest pause. */
    @WithDefault("10m")
    Duration longestRetryAfter();

    /** How many providers' answers one replica waits for at a time. */
    @WithDefault("64")
    int refreshesAtOnce();

    /** How often each replica looks for what is due. */
    @WithDefault("1s")
    Duration lookEvery();
}
