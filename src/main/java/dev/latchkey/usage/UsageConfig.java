package dev.latchkey.usage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How events are kept and moved. */
@ConfigMapping(prefix = "latchkey.usage")
public interface UsageConfig {

    /** For how many days after today partitions of {@code token_usage_events} stand ready. */
    @WithDefault("7")
    @Min(1)
    int partitionsAhead();

    /** How long events are kept, in whole days; the daily totals stay. */
    @WithDefault("90d")
    @DurationMin(days = 1)
    Duration retention();

    /** After how long an entry of the stream that its consumer did not move is taken over by another one. */
    @WithDefault("5s")
    @DurationMin(seconds = 1)
    Duration claimAfter();

    /** After how long without a sign of life the name of a consumer is removed. */
    @WithDefault("10m")
    @DurationMin(minutes = 1)
    Duration forgetConsumerAfter();

    /** For how long it is remembered which chunks were written; an entry that comes again later is counted again. */
    @WithDefault("7d")
    @DurationMin(hours = 1)
    Duration rememberChunks();
}
