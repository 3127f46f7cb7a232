package dev.latchkey.access;

import dev.latchkey.decision.Limiter;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.http.FilterOrder;
import dev.latchkey.platform.http.RequestFacts;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** The steps before a resource, in their order. */
class AccessFilters {

    private final Authenticator authenticator;
    private final Limiter limiter;
    private final CurrentCaller currentCaller;
    private final Map<Method, AccessRule> rules = new ConcurrentHashMap<>();

    AccessFilters(Authenticator authenticator, Limiter limiter, CurrentCaller currentCaller) {
        this.authenticator = authenticator;
        this.limiter = limiter;
        this.currentCaller = currentCaller;
    }

    @ServerRequestFilter(priority = FilterOrder.AUTHENTICATE, nonBlocking = true)
    Uni<Void> authenticate(ResourceInfo resource, RoutingContext context) {
        var rule = rules.computeIfAbsent(
                resource.getResourceMethod(), method -> AccessRule.of(resource.getResourceClass(), method));
        return authenticator
                .admit(rule, context.request().headers(), RequestFacts.of(context))
                .invoke(admission -> {
                    admission.attachTo(context);
                    admission.caller().ifPresent(currentCaller::set);
                })
                .replaceWithVoid();
    }

    @ServerRequestFilter(priority = FilterOrder.LIMIT, nonBlocking = true)
    Uni<Void> limit(RoutingContext context) {
        var admission = Admission.of(context);
        if (!admission.rule().limited() || admission.rule().forAnother() && Authorisation.allows(admission)) {
            return Uni.createFrom().voidItem();
        }
        return limiter.decide(admission.budget())
                .invoke(decision ->
                        LimitAnswer.apply(decision, context.response().headers()))
                .replaceWithVoid();
    }

    @ServerRequestFilter(priority = FilterOrder.AUTHORISE, nonBlocking = true)
    void authorise(RoutingContext context) {
        Authorisation.check(Admission.of(context));
    }
}
