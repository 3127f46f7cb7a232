package dev.latchkey.report;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How audits are run, and what they find. Public because the check of its group of thresholds needs it to be. */
@ConfigMapping(prefix = "latchkey.report")
public interface ReportConfig {

    /** From when on something is found. */
    interface Thresholds {

        /** How old a credential is that should have been used by now; {@code 0s} for at once. */
        @WithDefault("7d")
        @DurationMin(seconds = 0)
        Duration neverUsedAfter();

        /** After how long without a call a credential counts as forgotten. */
        @WithDefault("90d")
        @DurationMin(seconds = 0)
        Duration unusedAfter();

        /** How old a credential is that should have used each of its scopes by now. */
        @WithDefault("0s")
        @DurationMin(seconds = 0)
        Duration unusedScopesAfter();

        /** How long before its expiry a credential is worth a reminder. */
        @WithDefault("30d")
        @DurationMin(seconds = 0)
        Duration expiresSoonWithin();

        /** After how long the text of a credential should be changed. */
        @WithDefault("365d")
        @DurationMin(seconds = 0)
        Duration rotateAfter();
    }

    @WithParentName
    Thresholds thresholds();

    /** How many audits a tenant may have queued and running. */
    @WithDefault("10")
    @Min(1)
    int unfinishedMax();

    /** How many findings a report holds, the most severe first; its summary counts those left out too. */
    @WithDefault("5000")
    @Min(1)
    int findingsMax();

    /** How long a finished audit and its report are kept. */
    @WithDefault("90d")
    @DurationMin(days = 1)
    Duration retention();

    /** After how long without a sign of life a running audit is taken from its worker. */
    @WithDefault("60s")
    @DurationMin(seconds = 1)
    Duration lease();

    /** How long an audit waits that failed, before it is tried again. */
    @WithDefault("10s")
    @DurationMin(seconds = 0)
    Duration retryAfter();

    /** How often an audit is taken up before it has failed. */
    @WithDefault("3")
    @Min(1)
    int attemptsMax();

    /** How often a replica looks for audits that nobody woke it for, such as those of a replica that died. */
    @WithDefault("2s")
    @DurationMin(millis = 100)
    Duration lookEvery();
}
