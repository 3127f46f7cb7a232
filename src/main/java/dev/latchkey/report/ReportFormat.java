package dev.latchkey.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a report is written for a download. The word is also the extension of the file. */
enum ReportFormat {
    JSON("application/json"),
    CSV("text/csv; charset=utf-8"),
    HTML("text/html; charset=utf-8");

    private final String mediaType;

    ReportFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    static Optional<ReportFormat> find(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word))
                .findFirst();
    }

    String mediaType() {
        return mediaType;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String write(AuditReport report, ObjectMapper json) {
        return switch (this) {
            case JSON -> json(report, json);
            case CSV -> CsvReport.of(report);
            case HTML -> HtmlReport.of(report);
        };
    }

    private static String json(AuditReport report, ObjectMapper json) {
        try {
            return json.writerWithDefaultPrettyPrinter().writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Reports are always JSON", e);
        }
    }
}
