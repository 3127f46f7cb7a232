package dev.latchkey.client.jaxrs;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.concurrent.Semaphore;

/** Calls that end in each way there is. */
@Path("/calls")
@RequiresScopes
public class Calls {

    /** Whether a stream may go on after its first byte. */
    static final Semaphore GO_ON = new Semaphore(0);

    @GET
    @Path("/done")
    public String done() {
        return "done";
    }

    @GET
    @Path("/empty")
    public void empty() {}

    @GET
    @Path("/later")
    @Blocking
    public Uni<String> later() {
        return Uni.createFrom().item("later");
    }

    @GET
    @Path("/many")
    @Blocking
    public Multi<String> many() {
        return Multi.createFrom().items("many", "more");
    }

    @GET
    @Path("/refused")
    public String refused() {
        throw new WebApplicationException(409);
    }

    @GET
    @Path("/failed")
    public String failed() {
        throw new IllegalStateException("No mapper knows this");
    }

    @GET
    @Path("/failed-later")
    @Blocking
    public Uni<String> failedLater() {
        return Uni.createFrom().failure(new IllegalStateException("No mapper knows this"));
    }

    @GET
    @Path("/streamed")
    public StreamingOutput streamed() {
        return stream -> {
            stream.write(new byte[1]);
            stream.flush();
            GO_ON.acquireUninterruptibly();
            stream.write(new byte[1]);
        };
    }

    @GET
    @Path("/cut")
    public StreamingOutput cut() {
        return stream -> {
            stream.write(new byte[1]);
            stream.flush();
            throw new IllegalStateException("The stream broke off");
        };
    }
}
