package dev.latchkey.report;

import java.time.Duration;

/** Thresholds that tell by their numbers which one a rule went by. */
record TestThresholds(
        Duration neverUsedAfter,
        Duration unusedAfter,
        Duration unusedScopesAfter,
        Duration expiresSoonWithin,
        Duration rotateAfter)
        implements ReportConfig.Thresholds {

    static TestThresholds usual() {
        return new TestThresholds(
                Duration.ofDays(7), Duration.ofDays(90), Duration.ofDays(1), Duration.ofDays(30), Duration.ofDays(365));
    }
}
