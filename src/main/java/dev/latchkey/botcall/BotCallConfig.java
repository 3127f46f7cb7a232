package dev.latchkey.botcall;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Bots in use. */
@ConfigMapping(prefix = "latchkey.bots")
interface BotCallConfig {

    /** How many are live on a replica at most; the one that was used least goes first. */
    @WithDefault("100")
    @Min(1)
    @Max(100_000)
    int live();

    /** How long a bot is live that is not used. */
    @WithDefault("30m")
    Duration idle();
}
