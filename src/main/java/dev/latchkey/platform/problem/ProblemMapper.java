package dev.latchkey.platform.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/** The one place where an exception becomes an answer. */
class ProblemMapper {

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

    @ServerExceptionMapper
    Response problem(Problem problem, UriInfo uri) {
        log(problem);
        var response = Response.status(problem.code().status())
                .type(ProblemBody.MEDIA_TYPE)
                .entity(ProblemBody.of(problem, uri.getPath()));
        Challenge.of(problem).ifPresent(challenge -> response.header("WWW-Authenticate", challenge));
        problem.headers().forEach(response::header);
        return response.build();
    }

    // Named too: Quarkus has a mapper of its own for the second, which answers without a body.
    @ServerExceptionMapper({JsonProcessingException.class, MismatchedInputException.class})
    Response json(JsonProcessingException failure, UriInfo uri) {
        // Reading stopped for a reason of ours, in the middle of some field.
        return problem(failure.getCause() instanceof Problem cause ? cause : JsonProblems.of(failure), uri);
    }

    @ServerExceptionMapper
    Response violations(ConstraintViolationException failure, UriInfo uri) {
        return problem(ViolationProblems.of(failure), uri);
    }

    @ServerExceptionMapper
    Response web(WebApplicationException failure, UriInfo uri) {
        if (failure.getCause() instanceof JsonProcessingException json) {
            return json(json, uri);
        }
        if (failure instanceof NotAllowedException) {
            return problem(methodNotAllowed(), uri);
        }
        return Problem.ofStatus(failure.getResponse().getStatus())
                .map(problem -> problem(problem, uri))
                .orElseGet(() -> unexpected(failure, uri));
    }

    @ServerExceptionMapper
    Response unexpected(Throwable failure, UriInfo uri) {
        return problem(
                Unavailability.of(failure)
                        .map(known -> known.problem(failure))
                        .orElseGet(() -> Problem.unexpected(failure)),
                uri);
    }

    private static Problem methodNotAllowed() {
        var allowed = AllowedMethods.of(CurrentRequestManager.get());
        return new Problem(CommonProblem.METHOD_NOT_ALLOWED, CommonProblem.METHOD_NOT_ALLOWED.title())
                .header("Allow", String.join(", ", allowed));
    }

    private static void log(Problem problem) {
        if (problem.code().status() >= 500) {
            LOG.error(problem.internal().orElse(problem.getMessage()), problem.getCause());
        } else {
            LOG.debugf("%s %s", problem.getMessage(), problem.internal().orElse(""));
        }
    }
}
