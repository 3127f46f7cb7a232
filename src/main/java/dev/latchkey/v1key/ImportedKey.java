package dev.latchkey.v1key;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of another system's table, as it was written; an empty column is none.
 *
 * @param hash SHA-256 in hexadecimal digits, PBKDF2-SHA256 as Django writes it, or bcrypt
 * @param prefix the first 8 to 64 characters of the text: needed where the hash is salted
 * @param revoked {@code true} or {@code false}
 */
@RegisterForReflection
record ImportedKey(
        @JsonProperty("key_id") @Nullable String keyId,
        @JsonProperty("name") @Nullable String name,
        @JsonProperty("role") @Nullable String role,
        @JsonProperty("hash") @Nullable String hash,
        @JsonProperty("prefix") @Nullable String prefix,
        @JsonProperty("owner") @Nullable String owner,
        @JsonProperty("created_at") @Nullable String createdAt,
        @JsonProperty("expires_at") @Nullable String expiresAt,
        @JsonProperty("revoked") @Nullable String revoked) {

    private static final int MOST_LINES = 10_000;
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(ImportedKey.class);
    private static final ObjectReader CSV = CsvMapper.csvBuilder()
            .enable(CsvParser.Feature.EMPTY_STRING_AS_NULL)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .enable(CsvParser.Feature.FAIL_ON_MISSING_HEADER_COLUMNS)
            .build()
            .readerFor(ImportedKey.class)
            .with(CsvSchema.emptySchema().withHeader());

    /** @throws Problem {@code validation_failed}, naming the line */
    static List<ImportedKey> ofJsonLines(String table) {
        var keys = new ArrayList<ImportedKey>();
        var number = 0;
        for (var line : table.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                keys.add(ofJson(line, number));
            }
        }
        return bounded(keys);
    }

    private static ImportedKey ofJson(String line, int number) {
        try {
            ImportedKey key = JSON.readValue(line);
            if (key != null) {
                return key;
            }
        } catch (JsonProcessingException e) {
            throw unreadable(number, e);
        }
        throw unreadable(number, null);
    }

    /** @throws Problem {@code validation_failed}, naming the line */
    static List<ImportedKey> ofCsv(String table) {
        try (var rows = CSV.<ImportedKey>readValues(withoutMark(table))) {
            return bounded(rows.readAll());
        } catch (JsonProcessingException e) {
            throw unreadable(e.getLocation() == null ? 1 : e.getLocation().getLineNr(), e);
        } catch (IOException e) {
            throw new IllegalStateException("A text can be read", e);
        }
    }

    /** Spreadsheets begin with a byte order mark. */
    private static String withoutMark(String table) {
        return table.startsWith("\uFEFF") ? table.substring(1) : table;
    }

    private static List<ImportedKey> bounded(List<ImportedKey> keys) {
        if (keys.isEmpty() || keys.size() > MOST_LINES) {
            throw new Problem(CommonProblem.VALIDATION_FAILED, "The table must have 1 to " + MOST_LINES + " keys");
        }
        return keys;
    }

    // What Jackson says of it could repeat a hash.
    private static Problem unreadable(int line, @Nullable Exception failure) {
        return new Problem(CommonProblem.VALIDATION_FAILED, "The table cannot be read")
                .field("line " + line, "cannot be read, or has a column that is not known")
                .because("An imported table cannot be read", failure);
    }

    /** Neither hashes nor texts belong into a log. */
    @Override
    public String toString() {
        return "ImportedKey[keyId=" + keyId + "]";
    }
}
