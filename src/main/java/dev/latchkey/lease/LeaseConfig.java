package dev.latchkey.lease;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Leases of generous limits. */
@ConfigMapping(prefix = "latchkey.leases")
interface LeaseConfig {

    /** Whether generous limits may be served from leases; if not, each decision is made in Redis. */
    @WithDefault("true")
    boolean enabled();
}
