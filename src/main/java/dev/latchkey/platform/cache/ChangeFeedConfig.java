package dev.latchkey.platform.cache;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How many may wait for changes. */
@ConfigMapping(prefix = "latchkey.changes")
interface ChangeFeedConfig {

    /** At this replica. */
    @WithDefault("10000")
    int waitersMax();

    /** Of one tenant, at this replica, so that none keeps out the others. */
    @WithDefault("1000")
    int waitersPerTenantMax();
}
