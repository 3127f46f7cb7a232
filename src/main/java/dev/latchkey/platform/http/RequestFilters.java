package dev.latchkey.platform.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Puts the filters that run on every path in their order. */
@ApplicationScoped
class RequestFilters {

    private final ClientAddress clientAddress;
    private final SecurityHeaders securityHeaders;
    private final RequestBody requestBody;

    RequestFilters(ClientAddress clientAddress, SecurityHeaders securityHeaders, RequestBody requestBody) {
        this.clientAddress = clientAddress;
        this.securityHeaders = securityHeaders;
        this.requestBody = requestBody;
    }

    void register(@Observes Filters filters) {
        filters.register(RequestFilters::nameNoRoute, FilterOrder.ROUTE_NAME);
        filters.register(RequestId::assign, FilterOrder.REQUEST_ID);
        filters.register(clientAddress::resolve, FilterOrder.CLIENT_ADDRESS);
        filters.register(securityHeaders::add, FilterOrder.SECURITY_HEADERS);
        filters.register(requestBody::check, FilterOrder.REQUEST_BODY);
    }

    // Where no route gives its template, the metrics would take the path itself: any caller could make as many of them
    // as
    // it likes, and have in them whatever it writes into a path.
    private static void nameNoRoute(RoutingContext context) {
        ((HttpServerRequestInternal) context.request()).context().putLocal("UrlPathTemplate", "/unmatched");
        context.next();
    }
}
