package dev.latchkey.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.report.AuditReport.Finding;
import dev.latchkey.report.AuditReport.Severity;
import dev.latchkey.report.AuditReport.Summary;
import dev.latchkey.report.Examination.Findings;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {

    @Test
    void theWorstAreKeptAndAllAreCounted() {
        var findings = new Findings(3);
        for (var severity : List.of(Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.LOW, Severity.HIGH)) {
            findings.add(SampleReport.finding(
                    severity, severity.word() + findings.summary().total()));
        }
        assertEquals(
                List.of("high4", "medium2", "low1"),
                findings.worst().stream().map(Finding::name).toList());
        assertEquals(new Summary(1, 1, 2, 1), findings.summary());
    }

    @Test
    void memoryIsBoundedHoweverManyComeOfOneSeverity() {
        var findings = new Findings(3);
        for (var i = 0; i < 10_000; i++) {
            findings.add(SampleReport.finding(Severity.LOW, "n" + i));
        }
        assertEquals(3, findings.worst().size());
        assertEquals(10_000, findings.summary().low());
    }
}
