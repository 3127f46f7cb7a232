package dev.latchkey.platform.problem;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An error on its way to the caller. {@code detail} and the members are public: they never hold a secret, an SQL text or
 * a class name. What only we may read goes into {@link #because}, and from there to the log.
 */
public final class Problem extends RuntimeException {

    /** What is wrong with one field; {@code field} is its path as the caller wrote it, such as {@code scopes[0]}. */
    // Travels in a map, where a native image does not see that it becomes JSON.
    @RegisterForReflection
    public record FieldError(String field, String message) {}

    private final transient ProblemCode code;
    private final String detail;
    private final transient List<FieldError> errors = new ArrayList<>();
    private final transient Map<String, Object> members = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();
    private transient @Nullable String internal;
    private transient @Nullable Throwable reason;

    public Problem(ProblemCode code, String detail) {
        super(code.code() + ": " + detail, null, false, code.status() >= 500);
        this.code = code;
        this.detail = detail;
    }

    /** 422 for one field. */
    public static Problem invalidField(String field, String message) {
        return new Problem(CommonProblem.VALIDATION_FAILED, "One field is not valid").field(field, message);
    }

    /** 404 in the same words for what does not exist and for what belongs to another tenant. */
    public static Problem notFound() {
        return new Problem(CommonProblem.NOT_FOUND, "Nothing is found under this address");
    }

    /** 500, for what only the log may tell. */
    public static Problem unexpected(@Nullable Throwable failure) {
        return new Problem(CommonProblem.INTERNAL_ERROR, "The failure was recorded under the request id of this answer")
                .because("Unexpected failure", failure);
    }

    /** The problem of a status that the HTTP layer gave; empty for those that are ours to give. */
    public static Optional<Problem> ofStatus(int status) {
        return switch (status) {
            case 404 -> Optional.of(notFound());
            case 400 -> Optional.of(titled(CommonProblem.INVALID_REQUEST));
            case 405 -> Optional.of(titled(CommonProblem.METHOD_NOT_ALLOWED));
            case 406 -> Optional.of(titled(CommonProblem.NOT_ACCEPTABLE));
            case 413 -> Optional.of(titled(CommonProblem.PAYLOAD_TOO_LARGE));
            case 415 -> Optional.of(titled(CommonProblem.UNSUPPORTED_MEDIA_TYPE));
            default -> Optional.empty();
        };
    }

    private static Problem titled(CommonProblem code) {
        return new Problem(code, code.title());
    }

    public Problem field(String field, String message) {
        errors.add(new FieldError(field, message));
        return this;
    }

    public Problem with(String member, Object value) {
        members.put(member, value);
        return this;
    }

    public Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Adds what the log may say and the caller may not read. */
    public Problem because(String words, @Nullable Throwable cause) {
        internal = words;
        reason = cause;
        return this;
    }

    /** What {@link #because} told. */
    @Override
    public synchronized @Nullable Throwable getCause() {
        return reason;
    }

    public ProblemCode code() {
        return code;
    }

    public String detail() {
        return detail;
    }

    public List<FieldError> errors() {
        return errors;
    }

    public Map<String, Object> members() {
        return members;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public Optional<String> internal() {
        return Optional.ofNullable(internal);
    }
}
