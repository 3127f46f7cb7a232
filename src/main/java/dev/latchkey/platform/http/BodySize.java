package dev.latchkey.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.problem.ProblemBody;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;

/** Refuses a body that announces itself as too large, before a byte of it is read. Quarkus' own limit cuts off one that does not. */
@ApplicationScoped
class BodySize {

    private final long maxBytes;
    private final ObjectMapper json;

    BodySize(HttpConfig config, ObjectMapper json) {
        this.maxBytes = config.maxBodySize().asLongValue();
        this.json = json;
    }

    void check(RoutingContext context) {
        var length = context.request().getHeader("Content-Length");
        if (length == null || !isOver(length)) {
            context.next();
            return;
        }
        refuse(
                context,
                new Problem(CommonProblem.PAYLOAD_TOO_LARGE, "The body may have at most " + maxBytes + " bytes"));
    }

    private boolean isOver(String length) {
        // More than 18 digits do not fit a long, and are over any limit.
        return length.matches("[0-9]+") && (length.length() > 18 || Long.parseLong(length) > maxBytes);
    }

    private void refuse(RoutingContext context, Problem problem) {
        context.response()
                .setStatusCode(problem.code().status())
                .putHeader("Content-Type", ProblemBody.MEDIA_TYPE)
                // The rest of the body is still under way: this connection cannot be used again.
                .putHeader("Connection", "close")
                .end(write(problem, context.normalizedPath()));
    }

    private String write(Problem problem, String path) {
        try {
            return json.writeValueAsString(ProblemBody.of(problem, path));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem is always JSON", e);
        }
    }
}
