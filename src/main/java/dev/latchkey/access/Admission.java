package dev.latchkey.access;

import dev.latchkey.credential.Credential;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.platform.caller.Caller;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;

/**
 * What the first step found out, for the steps that follow.
 *
 * @param credential with which the caller came, unless it is a session
 * @param budget of the call
 */
record Admission(AccessRule rule, Optional<Caller> caller, Optional<Credential> credential, LimitRequest budget) {

    private static final String KEY = Admission.class.getName();

    Admission with(Credential found) {
        return new Admission(rule, caller, Optional.of(found), budget);
    }

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
