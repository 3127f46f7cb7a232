package dev.latchkey.platform.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.UUID;

/** What is wrong with a JSON body, in words that name the field and repeat neither its value nor our classes. */
final class JsonProblems {

    private JsonProblems() {}

    static Problem of(JsonProcessingException failure) {
        return switch (failure) {
            case UnrecognizedPropertyException unknown -> field(unknown, "is not a known field");
            case ValueInstantiationException refused -> field(refused, "does not hold an allowed value");
            case InvalidFormatException malformed -> field(malformed, "must be " + expected(malformed.getTargetType()));
            case MismatchedInputException mismatch -> field(mismatch, "must be " + expected(mismatch.getTargetType()));
            default -> new Problem(CommonProblem.INVALID_REQUEST, "The body is not well-formed JSON" + at(failure));
        };
    }

    private static Problem field(JsonMappingException failure, String message) {
        var path = path(failure);
        if (path.isEmpty()) {
            return new Problem(CommonProblem.INVALID_REQUEST, "The body " + message);
        }
        return new Problem(CommonProblem.INVALID_REQUEST, "The field " + path + " " + message).field(path, message);
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
        var clean = name.replaceAll("[^\\x20-\\x7E]", "?");
        return clean.length() <= 64 ? clean : clean.substring(0, 64) + "...";
    }

    private static String expected(Class<?> type) {
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
        if (java.time.temporal.Temporal.class.isAssignableFrom(type)) {
            return "an RFC 3339 time such as 2030-01-31T12:00:00Z";
        }
        if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
            return "an array";
        }
        if (type.isEnum()) {
            return "one of the words in the documentation";
        }
        return "an object";
    }

    private static String at(JsonProcessingException failure) {
        var location = failure.getLocation();
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
