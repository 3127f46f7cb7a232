package dev.latchkey.platform.http;

import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a body that is too large: one that says so, before a byte of it is read; one that does not say, when the
 * limit is passed. Refuses a body that does not say what it is.
 */
@ApplicationScoped
@Provider
class RequestBody implements ReaderInterceptor {

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private final long maxBytes;
    private final ProblemAnswer answer;

    RequestBody(HttpConfig config, ProblemAnswer answer) {
        this.maxBytes = config.maxBodySize().asLongValue();
        this.answer = answer;
    }

    /** False where it was refused, and answered. */
    boolean admits(RoutingContext context) {
        var request = context.request();
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && isOver(length)) {
            answer.send(context, tooLarge());
            return false;
        }
        if (hasBody(request, length) && request.getHeader(HttpHeaders.CONTENT_TYPE) == null) {
            answer.send(
                    context,
                    new Problem(CommonProblem.UNSUPPORTED_MEDIA_TYPE, "The body needs a Content-Type")
                            .header("Connection", "close"));
            return false;
        }
        return true;
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        context.setInputStream(new LimitedStream(context.getInputStream(), maxBytes, this::tooLarge));
        return context.proceed();
    }

    private Problem tooLarge() {
        return new Problem(CommonProblem.PAYLOAD_TOO_LARGE, "The body may have at most " + maxBytes + " bytes")
                // The rest of the body is still under way: this connection cannot be used again.
                .header("Connection", "close");
    }

    private boolean isOver(String length) {
        // More than 18 digits do not fit a long, and are over any limit.
        return length.length() > 18 ? DIGITS.matcher(length).matches() : isNumberOver(length);
    }

    private boolean isNumberOver(String length) {
        try {
            return Long.parseLong(length) > maxBytes;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean hasBody(HttpServerRequest request, @Nullable String length) {
        return length == null ? request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null : !length.equals("0");
    }
}
