package dev.latchkey.client.jaxrs;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;

/** An application that is behind a proxy, which tells the address. */
@Provider
@Priority(Priorities.AUTHENTICATION - 10)
public class KnownAddress implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        Optional.ofNullable(request.getHeaderString("X-Real-IP"))
                .ifPresent(address -> request.setProperty(LatchkeyFilter.ADDRESS, address));
    }
}
