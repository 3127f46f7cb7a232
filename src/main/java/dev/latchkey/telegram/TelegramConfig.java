package dev.latchkey.telegram;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Where the Bot API is, and how much of it is waited for. */
@ConfigMapping(prefix = "latchkey.telegram")
public interface TelegramConfig {

    /** An http or https URL without user information, query and fragment; a path goes before each call's own. */
    @WithDefault("https://api.telegram.org")
    URI url();

    /** From a call to the last byte of its answer, unless the call says otherwise. */
    @WithDefault("10s")
    Duration timeout();

    /** How many connections a replica has at most; whoever finds none free waits for one. */
    @WithDefault("1024")
    int connections();

    /** The most that is read of an answer. */
    @WithDefault("8M")
    MemorySize answerMax();
}
