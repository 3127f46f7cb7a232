package dev.latchkey.platform.http;

import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** What is known of the request at hand, on any thread that serves it. */
@ApplicationScoped
public class CurrentRequest {

    private final CurrentVertxRequest current;

    CurrentRequest(CurrentVertxRequest current) {
        this.current = current;
    }

    /** Absent outside a request: in scheduled work and at start. */
    public Optional<RequestFacts> find() {
        return context().map(RequestFacts::of);
    }

    private Optional<RoutingContext> context() {
        var request = Arc.container().requestContext().isActive() ? current.getCurrent() : null;
        return Optional.ofNullable(request);
    }
}
