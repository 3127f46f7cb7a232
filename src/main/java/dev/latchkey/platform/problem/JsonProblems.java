package dev.latchkey.platform.problem;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a JSON body, in words that name the field and repeat neither its value nor our classes. A value of the
 * wrong JSON type is a malformed request (400); one of the right type that cannot be meant is not valid (422).
 */
public final class JsonProblems {

    private static final String NUMBER = "must be a whole number within its range";

    private JsonProblems() {}

    public static Problem of(JsonProcessingException failure) {
        return switch (failure) {
            case UnrecognizedPropertyException unknown -> malformed(unknown, "is not a known field");
            case ValueInstantiationException refused -> notValid(refused, "does not hold an allowed value");
            case InvalidFormatException format
            when isText(format) -> notValid(format, "must be " + expected(format.getTargetType()));
            case MismatchedInputException trailing
            when isTrailing(trailing) ->
                new Problem(CommonProblem.INVALID_REQUEST, "The body holds more than one JSON value");
            case MismatchedInputException mismatch ->
                malformed(mismatch, "must be " + expected(mismatch.getTargetType()));
            case JsonMappingException number
            when number.getCause() instanceof InputCoercionException -> notValid(number, NUMBER);
            case JsonProcessingException excess
            when excess instanceof StreamConstraintsException
                    || excess.getCause() instanceof StreamConstraintsException ->
                new Problem(
                        CommonProblem.INVALID_REQUEST,
                        "The body is nested too deeply, or holds a name or a number that is too long");
            default -> new Problem(CommonProblem.INVALID_REQUEST, "The body is not well-formed JSON" + at(failure));
        };
    }

    private static Problem malformed(JsonMappingException failure, String message) {
        var path = path(failure);
        return path.isEmpty()
                ? new Problem(CommonProblem.INVALID_REQUEST, "The body " + message)
                : new Problem(CommonProblem.INVALID_REQUEST, "The field " + path + " " + message).field(path, message);
    }

    private static Problem notValid(JsonMappingException failure, String message) {
        return Problem.invalidField(path(failure), message);
    }

    private static String path(JsonMappingException failure) {
        var path = new StringBuilder();
        for (var reference : failure.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(readable(reference.getFieldName()));
            }
        }
        return path.toString();
    }

    // The name of an unknown field is the caller's own text: enough of it to be found, and nothing that a log could
    // trip over.
    private static String readable(String name) {
        var clean = CredentialShape.hide(name.replaceAll("[^\\x20-\\x7E]", "?"));
        return clean.length() <= 64 ? clean : clean.substring(0, 64) + "...";
    }

    // Times, UUIDs and words are texts in JSON: a text that is none of them has the right type all the same.
    private static boolean isText(InvalidFormatException failure) {
        var type = failure.getTargetType();
        return failure.getValue() instanceof String
                && type != null
                && (type.isEnum() || type == UUID.class || Temporal.class.isAssignableFrom(type));
    }

    private static boolean isTrailing(MismatchedInputException failure) {
        return failure.getPath().isEmpty()
                && String.valueOf(failure.getOriginalMessage()).startsWith("Trailing token");
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        if (type == String.class) {
            return "a string";
        }
        if (type == UUID.class) {
            return "a UUID";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a whole number within its range";
        }
        if (Temporal.class.isAssignableFrom(type)) {
            return "an RFC 3339 time such as 2030-01-31T12:00:00Z";
        }
        if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
            return "an array";
        }
        if (type.isEnum()) {
            return "one of " + words(type);
        }
        return "an object";
    }

    // On the wire every enum is its constants' names in small letters.
    private static String words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .collect(joining(", "));
    }

    private static String at(JsonProcessingException failure) {
        var location = failure.getLocation();
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
