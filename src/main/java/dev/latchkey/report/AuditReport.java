package dev.latchkey.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * What an audit found, as it is kept and downloaded.
 *
 * @param findingsOmitted how many of the least severe findings there was no room for
 * @param findings the most severe first
 */
@RegisterForReflection
record AuditReport(
        UUID auditId,
        UUID tenantId,
        Instant generatedAt,
        String kind,
        int credentialsExamined,
        Summary summary,
        int findingsOmitted,
        List<Finding> findings) {

    /** For the OpenAPI document. */
    static final String EXAMPLE = """
            {"audit_id": "01a1fe79-0f60-7000-a1b2-c3d4e5f60718", "tenant_id": "01a1fe76-6e84-7001-9bbf-f2ff4c7a6546",
            "generated_at": "2026-11-21T14:00:00.300Z", "kind": "credentials", "credentials_examined": 1,
            "summary": {"high": 0, "medium": 1, "low": 0, "info": 0}, "findings_omitted": 0,
            "findings": [{"rule": "never_expires", "severity": "medium",
            "credential_id": "01a1fe77-0f60-7000-a1b2-c3d4e5f60718", "credential_kind": "api_token", "name": "audit robot",
            "display": "lk_live_k3Pz", "message": "It has no expiry: once leaked, it works until somebody notices",
            "remedy": "Replace it by one that expires, and rotate that in time.",
            "evidence": {"created_at": "2026-11-21T13:55:00Z"}}]}""";

    /** How bad a finding is; the worst first. */
    enum Severity {
        @JsonProperty("high")
        HIGH,
        @JsonProperty("medium")
        MEDIUM,
        @JsonProperty("low")
        LOW,
        @JsonProperty("info")
        INFO;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How many findings there are of each severity, those left out included. */
    record Summary(int high, int medium, int low, int info) {

        int total() {
            return high + medium + low + info;
        }
    }

    /**
     * One rule that one credential does not keep.
     *
     * @param display the first characters of the credential's text
     * @param evidence the facts that the finding rests on
     */
    record Finding(
            String rule,
            Severity severity,
            UUID credentialId,
            String credentialKind,
            String name,
            String display,
            String message,
            String remedy,
            Map<String, Object> evidence) {

        Finding {
            evidence = Map.copyOf(evidence);
        }
    }

    AuditReport {
        findings = List.copyOf(findings);
    }
}
