package dev.latchkey.client.jaxrs;

import dev.latchkey.client.LatchkeyClient;
import dev.latchkey.client.LatchkeyException;
import dev.latchkey.client.Verification;
import dev.latchkey.client.VerifyRequest;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks Latchkey about the credential of each request to a resource that is marked with {@link RequiresScopes}: {@code Authorization: Bearer}
 * or {@code X-API-Key}. Refuses with a problem (RFC 9457) and the headers that RFC 6750 asks for; 429 with {@code Retry-After}; 503 when
 * Latchkey is away and the client's policy is to refuse then.
 *
 * <p>Who was let in is the {@link jakarta.ws.rs.core.SecurityContext} of the request: the principal is the credential's id, its roles are the
 * credential's scopes. The whole answer is the request's property {@link #VERIFICATION}.
 *
 * <p>The slot of a credential that limits its calls under way is given back when the response is finished, whatever came of it. Without
 * CDI, and its {@link SlotsFilter}, that is when the resource is done, before the entity is written. Nobody waits for it; if it fails, the
 * slot is free when its lease ends.
 *
 * <p>It waits for the answer: guard methods that may block. Jakarta REST does not know the holder's address, without which credentials that
 * are bound to addresses are refused: a filter of the application leaves it in the request's property {@link #ADDRESS}.
 */
@Provider
@RequiresScopes
@Priority(Priorities.AUTHENTICATION)
public final class LatchkeyFilter implements ContainerRequestFilter, ContainerResponseFilter {

    /** The property of the request that holds the {@link Verification}. */
    public static final String VERIFICATION = "dev.latchkey.client.verification";

    /** The property of the request that holds the holder's IP address, as text that the holder cannot forge, where an earlier filter knows it. */
    public static final String ADDRESS = "dev.latchkey.client.address";

    private static final String SCHEME = "Bearer ";

    private final LatchkeyClient latchkey;

    /** What the request is for. */
    @Context
    ResourceInfo resource;

    /**
     * A filter that asks with this client.
     *
     * @param latchkey the application's
     */
    @Inject
    public LatchkeyFilter(LatchkeyClient latchkey) {
        this.latchkey = latchkey;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        var credentials = credentials(request);
        if (credentials.size() > 1) {
            request.abortWith(Refusal.of(400, "invalid_request", "The request holds more than one credential"));
        } else if (credentials.isEmpty()) {
            request.abortWith(Refusal.notAuthenticated());
        } else {
            verify(request, credentials.get(0), scopes());
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(Slots.OF_FILTER) instanceof Slots slots) {
            slots.release();
        }
    }

    private void verify(ContainerRequestContext request, String credential, String[] scopes) {
        var question = VerifyRequest.of(credential).withScopes(scopes);
        if (request.getProperty(ADDRESS) instanceof String address) {
            question = question.withIp(address);
        }
        try {
            var answer = latchkey.verify(question);
            answer.lease().ifPresent(lease -> slots(request).hold(latchkey, credential, lease.id()));
            if (answer.valid()) {
                request.setProperty(VERIFICATION, answer);
                request.setSecurityContext(new VerifiedSecurityContext(answer, request.getSecurityContext()));
            } else {
                request.abortWith(Refusal.of(answer, scopes));
            }
        } catch (LatchkeyException e) {
            request.abortWith(Refusal.unavailable());
        }
    }

    private static Slots slots(ContainerRequestContext request) {
        if (request.getProperty(Slots.OF_SCOPE) instanceof Slots slots) {
            return slots;
        }
        if (request.getProperty(Slots.OF_FILTER) instanceof Slots slots) {
            return slots;
        }
        var slots = new Slots();
        request.setProperty(Slots.OF_FILTER, slots);
        return slots;
    }

    private static List<String> credentials(ContainerRequestContext request) {
        var credentials = new ArrayList<String>();
        for (var value : request.getHeaders().getOrDefault("Authorization", List.of())) {
            if (value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                credentials.add(value.substring(SCHEME.length()).strip());
            }
        }
        for (var value : request.getHeaders().getOrDefault("X-API-Key", List.of())) {
            credentials.add(value.strip());
        }
        credentials.removeIf(String::isEmpty);
        return credentials;
    }

    private String[] scopes() {
        var mark = resource.getResourceMethod().getAnnotation(RequiresScopes.class);
        if (mark == null) {
            mark = resource.getResourceClass().getAnnotation(RequiresScopes.class);
        }
        if (mark == null) {
            throw new IllegalStateException("No @RequiresScopes on " + resource.getResourceMethod());
        }
        return mark.value();
    }
}
