package dev.latchkey.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How often the chains of the audit log are signed and looked over. */
@ConfigMapping(prefix = "latchkey.audit")
interface AuditConfig {

    /** After how long a chain that grew is signed again. */
    @WithDefault("1h")
    @DurationMin(seconds = 1)
    Duration checkpointEvery();

    /** After how many rows it is signed earlier. */
    @WithDefault("1000")
    @Min(1)
    long checkpointRows();

    /** How often each chain is verified from its first row on. */
    @WithDefault("24h")
    @DurationMin(seconds = 1)
    Duration verifyEvery();
}
