package dev.latchkey.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.latchkey.report.AuditReport.Summary;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as its tenant sees it.
 *
 * @param createdBy the user, or the credential where no user made it
 * @param summary only of a completed run
 * @param error only of a failed one
 */
record AuditRunView(
        UUID id,
        String kind,
        String status,
        int progress,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        UUID createdBy,
        @Nullable Integer findingsCount,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Summary summary,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String error) {

    static AuditRunView of(AuditRun run) {
        var summary = summary(run);
        return new AuditRunView(
                run.id,
                run.kind,
                run.status,
                run.progress,
                run.createdAt,
                run.startedAt,
                run.completedAt,
                run.createdBy,
                summary == null ? null : summary.total(),
                summary,
                run.error);
    }

    private static @Nullable Summary summary(AuditRun run) {
        return run.status.equals(AuditRun.Status.COMPLETED.word())
                ? new Summary(run.findingsHigh, run.findingsMedium, run.findingsLow, run.findingsInfo)
                : null;
    }
}
