package dev.latchkey.v1key;

import dev.latchkey.platform.http.FilterOrder;
import dev.latchkey.platform.http.ProblemAnswer;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.v1key.V1Config.Phase;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** What of the first version works now. Says on every answer of it, errors included, that it ends and what follows; and answers alone when it is gone. */
@Singleton
class V1Phase {

    static final String ROOT = "/api/auth";
    static final String REGISTER = "/register_api_key";
    static final String VALIDATE = "/validate";

    // RFC 9110, section 5.6.7; the JDK's own writes days below 10 with one digit.
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);
    private static final String PARAMETERS = "(?:;[^/]*)?";
    private static final String SUCCESSOR = "</api/auth/v2/migrate>; rel=\"successor-version\"";

    private final V1Config config;
    private final ProblemAnswer problems;
    private final Clock clock;
    private final String deprecation;
    private final String sunset;
    private final String links;

    V1Phase(V1Config config, ProblemAnswer problems, Clock clock) {
        this.config = config;
        this.problems = problems;
        this.clock = clock;
        // A date of RFC 9651, and one of HTTP.
        this.deprecation = "@" + midnight(config.deprecated()).getEpochSecond();
        this.sunset = HTTP_DATE.format(ZonedDateTime.ofInstant(midnight(config.sunset()), ZoneOffset.UTC));
        this.links = SUCCESSOR + ", <" + config.documentation().orElse("/docs")
                + ">; rel=\"deprecation\"; type=\"text/html\"";
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    Phase now() {
        return config.phase() == Phase.WARN && !clock.instant().isBefore(midnight(config.sunset()))
                ? Phase.OFF
                : config.phase();
    }

    boolean isOff() {
        return now() == Phase.OFF;
    }

    LocalDate sunset() {
        return config.sunset();
    }

    void register(@Observes Router router) {
        for (var path : List.of(ROOT + REGISTER, ROOT + VALIDATE)) {
            router.routeWithRegex(withParameters(path))
                    .order(-FilterOrder.ENDING)
                    .handler(this::answer);
        }
    }

    // Resources are found whatever parameters the segments of a path have (RFC 3986, section 3.3).
    private static String withParameters(String path) {
        return path.replace("/", PARAMETERS + "/") + PARAMETERS + "/?";
    }

    private void answer(RoutingContext context) {
        describe(context.response().headers());
        if (isOff()) {
            problems.send(context, new Problem(V1Problem.V1_IS_OFF, "Use /api/auth/v2; see the Link header"));
        } else {
            context.next();
        }
    }

    private void describe(MultiMap headers) {
        headers.set("Deprecation", deprecation);
        headers.set("Sunset", sunset);
        headers.set("Link", links);
        if (now() == Phase.WARN) {
            // RFC 7234, section 5.5.7: of no meaning to caches, and shown by many clients.
            headers.set("Warning", "299 - \"This version ends on " + config.sunset() + "; migrate to the next one\"");
        }
    }
}
