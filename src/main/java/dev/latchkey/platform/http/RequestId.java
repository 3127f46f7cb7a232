package dev.latchkey.platform.http;

import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.CredentialShape;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;

/** Gives each request an id that its answer and its records carry, and its log lines, but for those of a decision on the short way. */
final class RequestId {

    static final CharSequence HEADER = HttpHeaders.createOptimized("X-Request-Id");
    static final String LOG_KEY = "request_id";

    // What is safe in a header, a log line and a column; anything else is replaced, not repaired.
    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    private RequestId() {}

    /** @param address of the client; empty where it is not known */
    static void take(RoutingContext context, String address) {
        var sent = context.request().getHeader(HEADER);
        var id = sent != null && isSane(sent) ? sent : Uuid7.next().toString();
        new RequestFacts(id, address, System.nanoTime()).attachTo(context);
        context.response().putHeader(HEADER, id);
    }

    /** From here on it stands on each line of the log. */
    static void log(RoutingContext context) {
        MDC.put(LOG_KEY, RequestFacts.of(context).id());
    }

    // It is kept in more places than anything else that a caller sends.
    private static boolean isSane(String id) {
        return SANE.matcher(id).matches() && !CredentialShape.isIn(id);
    }
}
