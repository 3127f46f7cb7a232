package dev.latchkey.report;

import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.html.Html;
import dev.latchkey.report.AuditReport.Finding;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * A report as one page that needs nothing else. It says itself that nothing may run in it, because a page that was saved has lost
 * the headers that it came with.
 */
final class HtmlReport {

    private static final String STYLE =
            "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}"
                    + "table{border-collapse:collapse;width:100%}"
                    + "th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #ccc}"
                    + "td{overflow-wrap:anywhere}"
                    + ".high{color:#a40000;font-weight:700}.medium{color:#8a4b00;font-weight:700}"
                    + "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}.high{color:#ff8080}.medium{color:#ffb870}}";

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-%s'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Audit of credentials</title>
            <style>%s</style>
            </head>
            <body>
            <h1>Audit of credentials</h1>
            <p>%s credentials examined on <time>%s</time>. Audit %s, tenant %s.</p>
            <p>Findings: %s high, %s medium, %s low, %s info.%s</p>
            <table>
            <thead><tr><th scope="col">Severity</th><th scope="col">Rule</th><th scope="col">Credential</th>\
            <th scope="col">Finding</th><th scope="col">Remedy</th></tr></thead>
            <tbody>
            %s</tbody>
            </table>
            </body>
            </html>
            """;

    private static final String ROW = """
            <tr><td class="%1$s">%1$s</td><td>%2$s</td><td>%3$s<br><code>%4$s…</code><br><small>%5$s %6$s</small></td>\
            <td>%7$s<br><small>%8$s</small></td><td>%9$s</td></tr>
            """;

    private HtmlReport() {}

    static String of(AuditReport report) {
        var summary = report.summary();
        return PAGE.formatted(
                Base64.getEncoder().encodeToString(Digests.sha256(STYLE)),
                STYLE,
                report.credentialsExamined(),
                report.generatedAt(),
                report.auditId(),
                report.tenantId(),
                summary.high(),
                summary.medium(),
                summary.low(),
                summary.info(),
                omitted(report),
                report.findings().stream().map(HtmlReport::row).collect(Collectors.joining()));
    }

    private static String omitted(AuditReport report) {
        return report.findingsOmitted() == 0
                ? ""
                : " The " + report.findingsOmitted() + " least severe are left out here.";
    }

    private static String row(Finding finding) {
        return ROW.formatted(
                finding.severity().word(),
                Html.escape(finding.rule()),
                Html.escape(finding.name()),
                Html.escape(finding.display()),
                Html.escape(finding.credentialKind()),
                finding.credentialId(),
                Html.escape(finding.message()),
                Html.escape(CsvReport.evidence(finding)),
                Html.escape(finding.remedy()));
    }
}
