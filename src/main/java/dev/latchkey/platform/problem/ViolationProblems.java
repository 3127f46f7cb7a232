package dev.latchkey.platform.problem;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.Comparator;

/** What Bean Validation found, told by the names that the caller wrote. */
final class ViolationProblems {

    private static final SnakeCaseStrategy SNAKE_CASE = new SnakeCaseStrategy();

    private ViolationProblems() {}

    static Problem of(ConstraintViolationException failure) {
        var problem = new Problem(CommonProblem.VALIDATION_FAILED, "Some fields are not valid; see errors");
        failure.getConstraintViolations().stream()
                .sorted(Comparator.comparing(
                        violation -> violation.getPropertyPath().toString()))
                .forEach(violation -> problem.field(field(violation), violation.getMessage()));
        if (problem.errors().stream().allMatch(error -> error.field().isEmpty())) {
            return new Problem(CommonProblem.INVALID_REQUEST, "A JSON body is needed");
        }
        return problem;
    }

    private static String field(ConstraintViolation<?> violation) {
        var field = new StringBuilder();
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getKind() == ElementKind.PROPERTY) {
                field.append(field.isEmpty() ? "" : ".").append(SNAKE_CASE.translate(node.getName()));
            }
            if (node.getIndex() != null) {
                field.append('[').append(node.getIndex()).append(']');
            }
        }
        return field.toString();
    }
}
