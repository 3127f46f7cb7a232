package dev.latchkey.token;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What a token gets that asks for nothing. */
@ConfigMapping(prefix = "latchkey.tokens")
interface TokenConfig {

    @WithDefault("60")
    long perMinute();

    @WithDefault("1000")
    long perHour();

    @WithDefault("10000")
    long perDay();
}
