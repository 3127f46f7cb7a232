package dev.latchkey.report;

import dev.latchkey.report.AuditReport.Finding;
import dev.latchkey.report.AuditReport.Severity;
import dev.latchkey.report.AuditReport.Summary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A report with one finding, about a credential whose name the test chooses. */
final class SampleReport {

    static final UUID AUDIT = UUID.fromString("01a1fe79-0f60-7000-a1b2-c3d4e5f60718");
    static final UUID TENANT = UUID.fromString("01a1fe76-6e84-7001-9bbf-f2ff4c7a6546");
    static final UUID CREDENTIAL = UUID.fromString("01a1fe77-0f60-7000-a1b2-c3d4e5f60718");

    private SampleReport() {}

    static AuditReport named(String name) {
        return new AuditReport(
                AUDIT,
                TENANT,
                Instant.parse("2026-11-21T12:00:00.5Z"),
                "credentials",
                3,
                new Summary(0, 2, 0, 0),
                1,
                List.of(finding(Severity.MEDIUM, name)));
    }

    static Finding finding(Severity severity, String name) {
        return new Finding(
                "never_used",
                severity,
                CREDENTIAL,
                "api_token",
                name,
                "lk_live_k3Pz",
                "Made 12 days ago and never used",
                "Revoke it, unless it is about to be used.",
                Map.of("created_at", "2026-11-09T12:00:00Z", "scopes", List.of("a:b", "c:d")));
    }
}
