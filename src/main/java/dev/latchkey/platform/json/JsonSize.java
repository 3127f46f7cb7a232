package dev.latchkey.platform.json;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** About how much memory a value takes that was read from JSON: many small parts take far more than their text. */
public final class JsonSize {

    // On a 64-bit JVM with compressed references: an entry of a linked map, a list with its array, a text or a number.
    private static final int ENTRY_BYTES = 56;
    private static final int LIST_BYTES = 48;
    private static final int REFERENCE_BYTES = 8;
    private static final int LEAF_BYTES = 40;

    private JsonSize() {}

    public static int bytes(@Nullable Object value) {
        var bytes = 0;
        // No recursion: whoever wrote the value chose its depth.
        var parts = new ArrayDeque<Object>();
        add(parts, value);
        while (!parts.isEmpty()) {
            bytes += switch (parts.remove()) {
                case Map<?, ?> map -> {
                    map.forEach((key, part) -> {
                        add(parts, key);
                        add(parts, part);
                    });
                    yield LIST_BYTES + ENTRY_BYTES * map.size();
                }
                case List<?> list -> {
                    list.forEach(part -> add(parts, part));
                    yield LIST_BYTES + REFERENCE_BYTES * list.size();
                }
                case String text -> LEAF_BYTES + 2 * text.length();
                default -> LEAF_BYTES;
            };
        }
        return bytes;
    }

    private static void add(ArrayDeque<Object> parts, @Nullable Object part) {
        if (part != null) {
            parts.add(part);
        }
    }
}
