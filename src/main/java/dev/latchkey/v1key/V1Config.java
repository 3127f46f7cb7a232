package dev.latchkey.v1key;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;

/** How far the end of the first version is. */
@ConfigMapping(prefix = "latchkey.v1-keys")
interface V1Config {

    /** {@code LATCHKEY_V1}. */
    @WithDefault("on")
    Phase phase();

    /** Since when it is deprecated; the day begins at midnight UTC. */
    @WithDefault("2026-11-01")
    LocalDate deprecated();

    /** When it is gone ({@code LATCHKEY_V1_SUNSET}): announced while it is on, and kept while it warns. */
    @WithDefault("2027-11-01")
    LocalDate sunset();

    /** Where holders read what to do; by default this service's own description of the endpoint that migrates. */
    Optional<String> documentation();

    /** How long a key works on after its holder migrated. */
    @WithDefault("30d")
    Duration grace();

    /** What of the first version works. */
    enum Phase {
        ON,
        WARN,
        OFF
    }
}
