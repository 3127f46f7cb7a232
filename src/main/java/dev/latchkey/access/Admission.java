package dev.latchkey.access;

import dev.latchkey.limit.LimitRequest;
import dev.latchkey.platform.caller.Caller;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;

/** What the first step found out, for the steps that follow: the rule, the caller if there is one, and the budget of the call. */
record Admission(AccessRule rule, Optional<Caller> caller, LimitRequest budget) {

    private static final String KEY = Admission.class.getName();

    void attachTo(RoutingContext context) {
        context.put(KEY, this);
    }

    static Admission of(RoutingContext context) {
        return Objects.requireNonNull(context.<Admission>get(KEY));
    }

    /** Absent where authentication failed, or no endpoint was met. */
    static Optional<Admission> find(RoutingContext context) {
        return Optional.ofNullable(context.<Admission>get(KEY));
    }
}
