package dev.latchkey.report;

import static java.nio.charset.StandardCharsets.UTF_8;

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

    byte[] write(AuditReport report, ObjectMapper json) {
        return switch (this) {
            case JSON -> json(report, json);
            case CSV -> CsvReport.of(report).getBytes(UTF_8);
            case HTML -> HtmlReport.of(report).getBytes(UTF_8);
        };
    }

    private static byte[] json(AuditReport report, ObjectMapper json) {
        try {
            return json.writerWithDefaultPrettyPrinter().writeValueAsBytes(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Reports are always JSON", e);
        }
    }
}
