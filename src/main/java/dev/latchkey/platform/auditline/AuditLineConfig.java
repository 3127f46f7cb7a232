package dev.latchkey.platform.auditline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How uses are told. */
@ConfigMapping(prefix = "latchkey.audit-lines")
interface AuditLineConfig {

    /** Whether lines go to standard output as they are; or else as all other lines of the log do, wrapped in their form and wherever they are sent. */
    @WithDefault("true")
    boolean plain();
}
