package dev.latchkey.platform.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** About how much memory a value takes that was read from JSON: many small parts take far more than their text. */
public final class JsonSize {

    // On a 64-bit JVM with compressed references: an entry of a linked map, a list with its array, a text or a number.
    private static final int ENTRY_BYTES = 56;
    private static final int LIST_BYTES = 48;
    private static final int LEAF_BYTES = 40;

    private JsonSize() {}

    public static int bytes(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Map<?, ?> map ->
                LIST_BYTES
                        + map.entrySet().stream()
                                .mapToInt(entry -> ENTRY_BYTES + bytes(entry.getKey()) + bytes(entry.getValue()))
                                .sum();
            case List<?> list ->
                LIST_BYTES + list.stream().mapToInt(item -> 8 + bytes(item)).sum();
            case String text -> LEAF_BYTES + 2 * text.length();
            default -> LEAF_BYTES;
        };
    }
}
