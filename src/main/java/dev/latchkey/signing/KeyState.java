package dev.latchkey.signing;

import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.Locale;

/** The life of a signing key, in this order; from any of the first three it may be withdrawn. */
enum KeyState {
    /** Published, so that whoever verifies knows it before it signs. */
    NEXT,
    /** Signs. */
    CURRENT,
    /** Verifies what it signed. */
    RETIRING,
    /** All that it signed has expired. */
    RETIRED,
    /** Compromised: refused, whatever it signed. */
    WITHDRAWN;

    boolean isVerifying() {
        return switch (this) {
            case NEXT, CURRENT, RETIRING -> true;
            case RETIRED, WITHDRAWN -> false;
        };
    }

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Converter(autoApply = true)
    static class Column implements AttributeConverter<KeyState, String> {
        @Override
        public String convertToDatabaseColumn(KeyState state) {
            return state.word();
        }

        @Override
        public KeyState convertToEntityAttribute(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
