package dev.latchkey.platform.readiness;

import dev.latchkey.platform.caller.Access;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/health")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Platform")
class HealthResource {

    /** @param checks by name: {@code status} is {@code up} or {@code down}, and whatever else the part has to say */
    @RegisterForReflection
    record Health(String status, String version, Map<String, Map<String, String>> checks) {}

    private final SmallRyeHealthReporter reporter;
    private final String version;

    HealthResource(
            SmallRyeHealthReporter reporter, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.reporter = reporter;
        this.version = version;
    }

    @GET
    @Access(value = Access.Who.PUBLIC, limited = false)
    @Operation(
            summary = "Health of this instance",
            description =
                    "503 when a part is down without which it cannot answer. Redis is such a part only if limits are refused without it.")
    public Response health() {
        var report = reporter.getReadiness();
        var checks = new LinkedHashMap<String, Map<String, String>>();
        for (var check : report.getPayload().getJsonArray("checks").getValuesAs(JsonObject.class)) {
            checks.put(check.getString("name").toLowerCase(Locale.ROOT).replace(' ', '_'), facts(check));
        }
        var up = report.getStatus() == HealthCheckResponse.Status.UP;
        return Response.status(up ? 200 : 503)
                .entity(new Health(up ? "healthy" : "unhealthy", version, checks))
                .build();
    }

    private static Map<String, String> facts(JsonObject check) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("status", check.getString("status").toLowerCase(Locale.ROOT));
        var data = check.getJsonObject("data");
        if (data != null) {
            data.forEach((name, value) -> facts.put(name, text(value)));
        }
        return facts;
    }

    private static String text(JsonValue value) {
        return value instanceof JsonString string ? string.getString() : value.toString();
    }
}
