package dev.latchkey.platform.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;

/**
 * Reads a value that JSON writes as a text, and takes nothing but that text. Jackson's own readers also take a number for a
 * time, of which nobody sees whether it counts seconds or milliseconds, a number for a word, a word between blanks and
 * control characters, and an empty text for no UUID.
 */
final class StrictText<T> extends StdScalarDeserializer<T> {

    private static final long serialVersionUID = 1;
    private static final int UUID_LENGTH = 36;

    private final transient Function<String, T> parser;

    private StrictText(Class<?> type, Function<String, T> parser) {
        super(type);
        this.parser = parser;
    }

    /** RFC 3339; to the microsecond, which is what PostgreSQL keeps: a time reads back as it was answered first. */
    static StrictText<Instant> ofTime() {
        return new StrictText<>(
                Instant.class, text -> OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS));
    }

    static StrictText<UUID> ofUuid() {
        return new StrictText<>(UUID.class, text -> {
            if (text.length() != UUID_LENGTH) {
                throw new IllegalArgumentException("no UUID");
            }
            return UUID.fromString(text);
        });
    }

    /** On the wire every enum is its constants' names in small letters. */
    static StrictText<Object> ofWord(Class<?> type) {
        return new StrictText<>(type, text -> Arrays.stream(type.getEnumConstants())
                .filter(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such word")));
    }

    @Override
    @SuppressWarnings("unchecked")
    public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
        if (!json.hasToken(JsonToken.VALUE_STRING)) {
            return (T) context.handleUnexpectedToken(handledType(), json);
        }
        var text = json.getText();
        try {
            return parser.apply(text);
        } catch (DateTimeException | IllegalArgumentException e) {
            return (T) context.handleWeirdStringValue(handledType(), text, "not of this type");
        }
    }
}
