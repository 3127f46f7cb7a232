package dev.latchkey.platform.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** What every request gets before anything else looks at it, on whatever path. */
@Singleton
public class RequestFilters {

    private final ClientAddress clientAddress;
    private final SecurityHeaders securityHeaders;
    private final RequestBody requestBody;

    RequestFilters(ClientAddress clientAddress, SecurityHeaders securityHeaders, RequestBody requestBody) {
        this.clientAddress = clientAddress;
        this.securityHeaders = securityHeaders;
        this.requestBody = requestBody;
    }

    void register(@Observes Filters filters) {
        filters.register(this::filter, FilterOrder.REQUEST);
    }

    private void filter(RoutingContext context) {
        if (begin(context)) {
            RequestId.log(context);
            context.next();
        }
    }

    /**
     * Its facts, the headers that every answer has, and a look at what it says of its body. Once: for who comes before the filters.
     *
     * @return false where it was refused, and answered
     */
    public boolean begin(RoutingContext context) {
        // Not its facts tell: where a request is routed anew, the headers of its answer are lost.
        if (context.response().headers().contains(RequestId.HEADER)) {
            return true;
        }
        nameNoRoute(context);
        RequestId.take(context, clientAddress.of(context.request()));
        securityHeaders.addTo(context);
        return requestBody.admits(context);
    }

    // Where no route gives its template, the metrics would take the path itself: any caller could make as many of them
    // as
    // it likes, and have in them whatever it writes into a path.
    private static void nameNoRoute(RoutingContext context) {
        ((HttpServerRequestInternal) context.request()).context().putLocal("UrlPathTemplate", "/unmatched");
    }
}
