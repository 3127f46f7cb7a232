package dev.latchkey.platform.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The one place where an exception becomes an answer. */
class ProblemMapper {

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

    private static final Map<Integer, CommonProblem> BY_STATUS = Map.of(
            400, CommonProblem.INVALID_REQUEST,
            404, CommonProblem.NOT_FOUND,
            405, CommonProblem.METHOD_NOT_ALLOWED,
            406, CommonProblem.NOT_ACCEPTABLE,
            413, CommonProblem.PAYLOAD_TOO_LARGE,
            415, CommonProblem.UNSUPPORTED_MEDIA_TYPE);

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

    @ServerExceptionMapper
    Response json(JsonProcessingException failure, UriInfo uri) {
        return problem(JsonProblems.of(failure), uri);
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
        var status = failure.getResponse().getStatus();
        var code = BY_STATUS.get(status);
        if (code == null) {
            return unexpected(failure, uri);
        }
        var problem = code == CommonProblem.NOT_FOUND ? Problem.notFound() : new Problem(code, code.title());
        return problem(problem, uri);
    }

    @ServerExceptionMapper
    Response unexpected(Throwable failure, UriInfo uri) {
        if (Unavailability.explains(failure)) {
            return problem(
                    new Problem(CommonProblem.UNAVAILABLE, "The service cannot reach its database; try again shortly")
                            .header("Retry-After", "5")
                            .because("PostgreSQL is away", failure),
                    uri);
        }
        return problem(
                new Problem(
                                CommonProblem.INTERNAL_ERROR,
                                "The failure was recorded under the request id of this answer")
                        .because("Unexpected failure", failure),
                uri);
    }

    private static void log(Problem problem) {
        if (problem.code().status() >= 500) {
            LOG.error(problem.internal().orElse(problem.getMessage()), problem.getCause());
        } else {
            LOG.debugf("%s %s", problem.getMessage(), problem.internal().orElse(""));
        }
    }
}
