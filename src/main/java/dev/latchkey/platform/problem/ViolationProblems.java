package dev.latchkey.platform.problem;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.constraints.NotNull;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What Bean Validation found, told by the names that the caller wrote. */
public final class ViolationProblems {

    private static final SnakeCaseStrategy SNAKE_CASE = new SnakeCaseStrategy();

    private ViolationProblems() {}

    public static Problem of(ConstraintViolationException failure) {
        if (failure.getConstraintViolations().stream().anyMatch(ViolationProblems::isMissingBody)) {
            return new Problem(CommonProblem.INVALID_REQUEST, "A JSON body is needed");
        }
        var problem = new Problem(CommonProblem.VALIDATION_FAILED, "Some fields are not valid; see errors");
        failure.getConstraintViolations().stream()
                .sorted(Comparator.comparing(
                        violation -> violation.getPropertyPath().toString()))
                .forEach(violation -> problem.field(field(violation), violation.getMessage()));
        return problem;
    }

    // Of the parameters of a resource method only its body must not be null.
    private static boolean isMissingBody(ConstraintViolation<?> violation) {
        return violation.getConstraintDescriptor().getAnnotation() instanceof NotNull
                && leaf(violation).getKind() == ElementKind.PARAMETER;
    }

    private static String field(ConstraintViolation<?> violation) {
        var field = new StringBuilder();
        var leaf = leaf(violation);
        for (Path.Node node : violation.getPropertyPath()) {
            // A node's index is its place in the list that the node before it names.
            if (node.getIndex() != null) {
                field.append('[').append(node.getIndex()).append(']');
            }
            if (node.getKind() == ElementKind.PROPERTY || node == leaf && node.getKind() == ElementKind.PARAMETER) {
                field.append(field.isEmpty() ? "" : ".").append(SNAKE_CASE.translate(node.getName()));
            }
        }
        return field.toString();
    }

    private static Path.Node leaf(ConstraintViolation<?> violation) {
        Path.@Nullable Node last = null;
        for (Path.Node node : violation.getPropertyPath()) {
            last = node;
        }
        return Objects.requireNonNull(last);
    }
}
