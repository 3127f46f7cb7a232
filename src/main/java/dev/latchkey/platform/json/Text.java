package dev.latchkey.platform.json;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/**
 * A line of text that people read: of a bounded length in characters, not blank, without control characters (NUL and
 * line breaks included), without broken surrogates, and without the marks that turn the direction of what follows. Null is
 * left to {@code @NotNull}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE, ElementType.RECORD_COMPONENT})
@Constraint(validatedBy = Text.Validator.class)
public @interface Text {

    int min() default 1;

    int max() default 100;

    String message() default "must be {min} to {max} characters, not blank, without control characters";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Checks a value. */
    class Validator implements ConstraintValidator<Text, String> {
        private int min;
        private int max;

        @Override
        public void initialize(Text text) {
            min = text.min();
            max = text.max();
        }

        @Override
        public boolean isValid(@Nullable String value, ConstraintValidatorContext context) {
            if (value == null) {
                return true;
            }
            return isText(value, min, max);
        }

        /** The same for what came as no JSON. */
        public static boolean isText(String value, int min, int max) {
            var length = value.codePointCount(0, value.length());
            return length >= min
                    && length <= max
                    && !value.isBlank()
                    && value.codePoints().allMatch(Validator::isReadable);
        }

        private static boolean isReadable(int codePoint) {
            return !Character.isISOControl(codePoint)
                    && Character.getType(codePoint) != Character.SURROGATE
                    && Character.getType(codePoint) != Character.LINE_SEPARATOR
                    && Character.getType(codePoint) != Character.PARAGRAPH_SEPARATOR
                    && !turnsDirection(codePoint);
        }

        // Embeddings, overrides and isolates (UAX #9): with them one name can be made to look like another.
        private static boolean turnsDirection(int codePoint) {
            return codePoint >= 0x202A && codePoint <= 0x202E || codePoint >= 0x2066 && codePoint <= 0x2069;
        }
    }
}
