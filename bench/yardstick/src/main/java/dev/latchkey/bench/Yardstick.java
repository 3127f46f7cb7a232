package dev.latchkey.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What a call costs that guards nothing: the same JSON from the same framework, without Redis and with one plain call to it. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public class Yardstick {

    private final JsonNode answer;
    private final Redis redis;

    /** @param sample a file with an answer of the guarded call */
    Yardstick(@ConfigProperty(name = "yardstick.sample") java.nio.file.Path sample, ObjectMapper json, Redis redis)
            throws IOException {
        this.answer = json.readTree(Files.readString(sample));
        this.redis = redis;
    }

    /** Written to JSON for each call, as the guarded answer is. */
    @GET
    @Path("/bare")
    public Uni<JsonNode> bare() {
        return Uni.createFrom().item(answer);
    }

    @GET
    @Path("/redis")
    public Uni<JsonNode> redis() {
        return redis.send(Request.cmd(Command.GET).arg("yardstick")).replaceWith(answer);
    }
}
