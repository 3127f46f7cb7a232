package dev.latchkey.platform.openapi;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Adds to every operation what holds for all of them, and the examples. */
@OpenApiFilter(OpenApiFilter.RunStage.RUNTIME_STARTUP)
public class ContractFilter implements OASFilter {

    private static final String PROBLEM = "Problem";

    @Override
    public void filterOpenAPI(OpenAPI document) {
        var components = document.getComponents() == null ? OASFactory.createComponents() : document.getComponents();
        document.setComponents(components);
        components.addSchema(PROBLEM, problemSchema());
        components.addSecurityScheme("bearer", bearer());
        components.addSecurityScheme("api_key", apiKey());
        components.addSecurityScheme("client", client());
        var examples = Examples.read();
        if (document.getPaths() != null && document.getPaths().getPathItems() != null) {
            document.getPaths().getPathItems().forEach((path, item) -> complete(path, item, examples));
        }
    }

    private static void complete(String path, PathItem item, Examples examples) {
        item.getOperations().forEach((method, operation) -> {
            var limits = Operations.of(path, method.name());
            addProblems(operation, limits);
            if (limits.authenticated()) {
                operation.setSecurity(List.of(
                        OASFactory.createSecurityRequirement().addScheme("bearer"),
                        OASFactory.createSecurityRequirement().addScheme("api_key")));
            }
            if (limits.oauth()) {
                operation.addSecurityRequirement(
                        OASFactory.createSecurityRequirement().addScheme("client"));
            }
            examples.addTo(method.name() + " " + path, operation);
        });
    }

    private static void addProblems(Operation operation, Operations facts) {
        var responses = operation.getResponses();
        facts.problems(operation.getRequestBody() != null, operation.getParameters() != null)
                .forEach((status, description) -> {
                    if (!responses.hasAPIResponse(status)) {
                        responses.addAPIResponse(status, problem(description));
                    }
                });
    }

    private static APIResponse problem(String description) {
        return OASFactory.createAPIResponse().description(description).content(content());
    }

    private static Content content() {
        var reference = OASFactory.createSchema().ref("#/components/schemas/" + PROBLEM);
        return OASFactory.createContent()
                .addMediaType(
                        "application/problem+json", OASFactory.createMediaType().schema(reference));
    }

    private static Schema problemSchema() {
        var error = object(
                Map.of("field", string("Path of the field, such as scopes[0]"), "message", string("What is wrong")));
        var schema = object(Map.of(
                "type", string("URI of the kind of problem (RFC 9457)"),
                "title", string("The kind of problem in words"),
                "status", OASFactory.createSchema().addType(Schema.SchemaType.INTEGER),
                "detail", string("This occurrence in words"),
                "instance", string("The path of the request"),
                "code", string("The stable word that clients switch on; see docs/problems.md"),
                "errors",
                        OASFactory.createSchema()
                                .addType(Schema.SchemaType.ARRAY)
                                .items(error)));
        schema.setRequired(List.of("type", "title", "status", "detail", "instance", "code"));
        schema.setExample(Map.of(
                "type", "urn:latchkey:problem:validation_failed",
                "title", "Some fields are not valid",
                "status", 422,
                "detail", "One field is not valid",
                "instance", "/api/v1/tokens",
                "code", "validation_failed",
                "errors", List.of(Map.of("field", "scopes[0]", "message", "is not a known scope"))));
        return schema;
    }

    private static Schema object(Map<String, Schema> properties) {
        return OASFactory.createSchema().addType(Schema.SchemaType.OBJECT).properties(properties);
    }

    private static Schema string(String description) {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING).description(description);
    }

    private static SecurityScheme bearer() {
        return OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description("A session's access token, or any credential.");
    }

    private static SecurityScheme client() {
        return OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("basic")
                .description("Client credentials (RFC 6749, section 2.3.1): the id of a credential, and its text.");
    }

    private static SecurityScheme apiKey() {
        return OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.APIKEY)
                .in(SecurityScheme.In.HEADER)
                .name("X-API-Key")
                .description("Any credential, not a session's access token.");
    }
}
