package dev.latchkey.platform.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/** The one place where an exception becomes an answer. */
class ProblemMapper {

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

    @ServerExceptionMapper
    Response problem(Problem problem, ContainerRequestContext request) {
        log(problem);
        var path = request.getUriInfo().getPath();
        var response = Response.status(problem.code().status())
                .type(ProblemBody.mediaType(path, request.getHeaderString("Accept")))
                .entity(ProblemBody.of(problem, path));
        Challenge.of(problem).ifPresent(challenge -> response.header("WWW-Authenticate", challenge));
        problem.headers().forEach(response::header);
        return response.build();
    }

    // Named too: Quarkus has a mapper of its own for the second, which answers without a body.
    @ServerExceptionMapper({JsonProcessingException.class, MismatchedInputException.class})
    Response json(JsonProcessingException failure, ContainerRequestContext request) {
        // Reading stopped for a reason of ours, in the middle of some field.
        return problem(failure.getCause() instanceof Problem cause ? cause : JsonProblems.of(failure), request);
    }

    @ServerExceptionMapper
    Response violations(ConstraintViolationException failure, ContainerRequestContext request) {
        return problem(ViolationProblems.of(failure), request);
    }

    @ServerExceptionMapper
    Response web(WebApplicationException failure, ContainerRequestContext request) {
        if (failure.getCause() instanceof JsonProcessingException json) {
            return json(json, request);
        }
        if (failure instanceof NotAllowedException) {
            return problem(methodNotAllowed(), request);
        }
        return Problem.ofStatus(failure.getResponse().getStatus())
                .map(problem -> problem(problem, request))
                .orElseGet(() -> unexpected(failure, request));
    }

    @ServerExceptionMapper
    Response unexpected(Throwable failure, ContainerRequestContext request) {
        return problem(
                Unavailability.of(failure)
                        .map(known -> known.problem(failure))
                        .orElseGet(() -> Problem.unexpected(failure)),
                request);
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
