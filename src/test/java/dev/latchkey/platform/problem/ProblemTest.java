package dev.latchkey.platform.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Errors on their way to the caller. */
class ProblemTest {

    @Test
    void whatTheLogMayTellIsNotInTheBody() {
        var cause = new IllegalStateException("select secret from vault");
        var problem = Problem.unexpected(cause);
        assertSame(cause, problem.getCause());
        assertFalse(ProblemBody.of(problem, "/x").toString().contains("vault"));
    }

    @Test
    void aBodyHasItsMembersInTheOrderInWhichPeopleRead() {
        var problem = Problem.invalidField("name", "must not be null").with("extra", 5);
        assertEquals(
                List.of("type", "title", "status", "detail", "instance", "code", "errors", "extra"),
                List.copyOf(ProblemBody.of(problem, "/x").keySet()));
    }

    @Test
    void everyProblemHasATypeAStatusAndASentence() {
        for (var code : CommonProblem.values()) {
            assertTrue(code.status() >= 400 && code.status() <= 599, code.code());
            assertTrue(code.title().length() > 10, code.code());
            assertTrue(code.type().matches("urn:latchkey:problem:[a-z_]+|https://iana\\.org/.+"), code.type());
        }
        assertEquals(
                CommonProblem.values().length,
                Arrays.stream(CommonProblem.values())
                        .map(ProblemCode::type)
                        .distinct()
                        .count());
    }

    @Test
    void aStatusOfTheHttpLayerBecomesTheProblemOfThatStatus() {
        for (var status : List.of(400, 404, 405, 406, 413, 415)) {
            assertEquals(status, Problem.ofStatus(status).orElseThrow().code().status());
        }
        assertTrue(Problem.ofStatus(500).isEmpty());
    }
}
