package dev.latchkey.client.jaxrs;

import dev.latchkey.client.LatchkeyClient;
import dev.latchkey.client.Verification;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;

/** An application that is guarded. */
@Path("/guarded")
@RequiresScopes("read:reports")
public class Guarded {

    static final FakeLatchkey LATCHKEY = FakeLatchkey.start();

    /** The application's client. */
    public static class Clients {
        @Produces
        @Singleton
        LatchkeyClient client() {
            return LatchkeyClient.builder(LATCHKEY.base(), "lk_own")
                    .withoutCache()
                    .timeout(Duration.ofSeconds(60))
                    .build();
        }

        void close(@Disposes LatchkeyClient client) {
            client.close();
        }
    }

    /** Not guarded. */
    @Path("/open")
    public static class Open {
        @GET
        public String get() {
            return "open";
        }
    }

    @GET
    public String get(@Context SecurityContext who, @Context ContainerRequestContext request) {
        var answer = (Verification) request.getProperty(LatchkeyFilter.VERIFICATION);
        return who.getUserPrincipal().getName() + " " + who.isUserInRole("read:reports") + " "
                + who.isUserInRole("write:reports") + " " + answer.tenantId().orElse("");
    }

    @GET
    @Path("/more")
    @RequiresScopes({"write:reports", "admin:tenant"})
    public String more() {
        return "more";
    }
}
