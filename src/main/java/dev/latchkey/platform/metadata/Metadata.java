package dev.latchkey.platform.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.platform.problem.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must hold for metadata beyond being a JSON object. */
public final class Metadata {

    private static final String FIELD = "metadata";
    private static final int MOST_BYTES = 4096;
    private static final int DEEPEST = 16;

    private Metadata() {}

    /**
     * The metadata as they are; none for null.
     *
     * @throws Problem {@code validation_failed} if they are too large or too deep, or hold what PostgreSQL cannot keep
     */
    public static Map<String, Object> checked(@Nullable Map<String, Object> metadata) {
        if (metadata == null) {
            return Map.of();
        }
        var text = new MetadataColumn().convertToDatabaseColumn(metadata);
        if (text.getBytes(UTF_8).length > MOST_BYTES) {
            throw Problem.invalidField(FIELD, "must have at most " + MOST_BYTES + " bytes as JSON");
        }
        if (depth(metadata) > DEEPEST) {
            throw Problem.invalidField(FIELD, "must be nested at most " + DEEPEST + " deep");
        }
        if (!isStorable(metadata)) {
            throw Problem.invalidField(FIELD, "must not contain NUL, broken characters or numbers beyond 1.8e308");
        }
        return metadata;
    }

    private static int depth(@Nullable Object value) {
        return switch (value) {
            case List<?> values ->
                1 + values.stream().mapToInt(Metadata::depth).max().orElse(0);
            case Map<?, ?> members ->
                1 + members.values().stream().mapToInt(Metadata::depth).max().orElse(0);
            case null, default -> 0;
        };
    }

    // PostgreSQL keeps neither NUL nor a lone surrogate in jsonb, and JSON has no infinity, which is what 1e400 is read
    // as.
    private static boolean isStorable(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case String text -> text.indexOf('\0') < 0 && UTF_8.newEncoder().canEncode(text);
            case Double number -> Double.isFinite(number);
            case List<?> values -> values.stream().allMatch(Metadata::isStorable);
            case Map<?, ?> members ->
                members.entrySet().stream()
                        .allMatch(member -> isStorable(member.getKey()) && isStorable(member.getValue()));
            default -> true;
        };
    }
}
