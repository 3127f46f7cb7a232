package dev.latchkey.report;

import dev.latchkey.report.AuditReport.Finding;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A report's findings as CSV (RFC 4180), with a header row, one finding a row. */
final class CsvReport {

    private static final List<String> HEADER = List.of(
            "rule", "severity", "credential_id", "credential_kind", "name", "display", "message", "remedy", "evidence");

    // Spreadsheets take a cell that begins so for a formula; the wide forms too, where the keyboard makes them. Whoever
    // names a token could otherwise run something on the machine of whoever reads the report.
    private static final String FORMULA_BEGINS = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private CsvReport() {}

    static String of(AuditReport report) {
        var csv = new StringBuilder();
        append(csv, HEADER);
        report.findings().forEach(finding -> append(csv, cells(finding)));
        return csv.toString();
    }

    private static List<String> cells(Finding finding) {
        return List.of(
                finding.rule(),
                finding.severity().word(),
                finding.credentialId().toString(),
                finding.credentialKind(),
                finding.name(),
                finding.display(),
                finding.message(),
                finding.remedy(),
                evidence(finding));
    }

    static String evidence(Finding finding) {
        return new TreeMap<>(finding.evidence())
                .entrySet().stream()
                        .map(fact -> fact.getKey() + ": " + fact.getValue())
                        .collect(Collectors.joining("; "));
    }

    private static void append(StringBuilder csv, List<String> cells) {
        csv.append(cells.stream().map(CsvReport::cell).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    private static String cell(String text) {
        var safe = !text.isEmpty() && FORMULA_BEGINS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        // Where a spreadsheet splits at semicolons, each of them may begin a cell.
        safe = safe.replaceAll(";(?=[=+\\-@\t\r])", ";'");
        var plain = safe.chars().noneMatch(character -> ",\"\r\n".indexOf(character) >= 0);
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
