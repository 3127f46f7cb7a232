package dev.latchkey.client;

import java.util.List;
import java.util.Map;

/** Writes what {@link JsonReader} reads. */
final class JsonWriter {

    private final StringBuilder written = new StringBuilder();

    private JsonWriter() {}

    static String write(Object value) {
        var writer = new JsonWriter();
        writer.value(value);
        return writer.written.toString();
    }

    private void value(Object value) {
        if (value instanceof String text) {
            string(text);
        } else if (value instanceof Map<?, ?> members) {
            object(members);
        } else if (value instanceof List<?> items) {
            array(items);
        } else if (value == null || value instanceof Boolean || value instanceof Long) {
            written.append(value);
        } else {
            throw new IllegalArgumentException("No JSON for " + value.getClass());
        }
    }

    private void object(Map<?, ?> members) {
        var separator = "{";
        for (var member : members.entrySet()) {
            written.append(separator);
            string((String) member.getKey());
            written.append(':');
            value(member.getValue());
            separator = ",";
        }
        written.append(members.isEmpty() ? "{}" : "}");
    }

    private void array(List<?> items) {
        var separator = "[";
        for (var item : items) {
            written.append(separator);
            value(item);
            separator = ",";
        }
        written.append(items.isEmpty() ? "[]" : "]");
    }

    private void string(String text) {
        written.append('"');
        for (var i = 0; i < text.length(); i++) {
            var next = text.charAt(i);
            if (next == '"' || next == '\\') {
                written.append('\\').append(next);
            } else if (next < ' ' || Character.isSurrogate(next)) {
                // As escapes: half a character, from whoever sent it, would become a question mark in UTF-8.
                written.append(String.format("\\u%04x", (int) next));
            } else {
                written.append(next);
            }
        }
        written.append('"');
    }
}
