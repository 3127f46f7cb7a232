package dev.latchkey.client.jaxrs;

import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/**
 * Lets the slots that {@link LatchkeyFilter} takes end with the scope of the request. It needs CDI, and Quarkus finds it by itself; without
 * it they end before the entity of the response is written.
 */
@Provider
@RequiresScopes
@Priority(Priorities.AUTHENTICATION - 1)
public class SlotsFilter implements ContainerRequestFilter {

    private final Slots slots;

    /**
     * A filter for the slots of the current request.
     *
     * @param slots of the request's scope
     */
    @Inject
    public SlotsFilter(Slots slots) {
        this.slots = slots;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        request.setProperty(Slots.OF_SCOPE, slots);
    }
}
