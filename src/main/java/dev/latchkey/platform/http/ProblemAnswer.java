package dev.latchkey.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.problem.ProblemBody;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Answers what is refused or fails where no resource is, as the one mapper does where one is. */
@ApplicationScoped
public class ProblemAnswer {

    private static final Logger LOG = Logger.getLogger(ProblemAnswer.class);

    private final ObjectMapper json;

    ProblemAnswer(ObjectMapper json) {
        this.json = json;
    }

    // Before Quarkus' own handler of failures, which answers in words of its own.
    void handleFailures(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(this::answerFailure);
    }

    public void send(RoutingContext context, Problem problem) {
        var response = context.response();
        problem.headers().forEach(response::putHeader);
        response.setStatusCode(problem.code().status())
                .putHeader(
                        "Content-Type",
                        ProblemBody.mediaType(path(context), context.request().getHeader("Accept")))
                .end(write(problem, path(context)));
    }

    private void answerFailure(RoutingContext context) {
        if (context.response().headWritten()) {
            context.next();
            return;
        }
        if (!RequestFacts.isKnown(context)) {
            RequestId.take(context, "");
        }
        RequestId.log(context);
        send(context, Problem.ofStatus(context.statusCode()).orElseGet(() -> unexpected(context)));
    }

    private static Problem unexpected(RoutingContext context) {
        LOG.error("A request failed outside of the resources", context.failure());
        return Problem.unexpected(context.failure());
    }

    private static String path(RoutingContext context) {
        var path = context.request().path();
        return path == null ? "" : path;
    }

    private String write(Problem problem, String path) {
        try {
            return json.writeValueAsString(ProblemBody.of(problem, path));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem is always JSON", e);
        }
    }
}
