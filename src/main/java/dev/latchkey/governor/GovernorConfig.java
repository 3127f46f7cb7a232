package dev.latchkey.governor;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** What Telegram bears of a bot, and how long callers wait for their turn. Each bot's own limits stand in its row. */
@ConfigMapping(prefix = "latchkey.governor")
public interface GovernorConfig {

    /** Messages of a bot in a second, whatever its own limit is. */
    @WithDefault("30")
    @Min(1)
    @Max(1000)
    int messagesPerSecond();

    /** Messages of a bot into one chat in a second. */
    @WithDefault("1")
    @Min(1)
    @Max(100)
    int messagesPerChatAndSecond();

    /** Messages of a bot into one group or channel in a minute. */
    @WithDefault("20")
    @Min(1)
    @Max(1000)
    int messagesPerGroupAndMinute();

    /** By so much each span is longer here: what leaves in time may arrive early or late. What leaves when a quarter of it is over counts from then on. */
    @WithDefault("80ms")
    @DurationMin(millis = 10)
    Duration margin();

    /** Calls of one bot that wait on a replica; whoever comes then is refused. */
    @WithDefault("200")
    @Min(0)
    @Max(10_000)
    int queue();

    /** What calls of one bot hold in memory on a replica, waiting or under way; one call may always be there. */
    @WithDefault("8M")
    MemorySize heldMaxPerBot();

    /** What calls of all bots hold. */
    @WithDefault("64M")
    MemorySize heldMax();

    /** The longest wait for a turn; whoever would wait for longer is refused at once, where that is known. */
    @WithDefault("10s")
    Duration longestWait();
}
