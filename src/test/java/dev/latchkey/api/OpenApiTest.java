package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The OpenAPI document tells all that a client needs: what each operation is, an example of it, and how it can fail. */
@QuarkusTest
class OpenApiTest {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    @Test
    void everyOperationHasASummaryATagItsProblemsAndExamples() throws IOException {
        var missing = new ArrayList<String>();
        var paths = document().path("paths");
        paths.fields().forEachRemaining(path -> path.getValue().fields().forEachRemaining(operation -> {
            if (METHODS.contains(operation.getKey())) {
                missing.addAll(missing(operation.getKey().toUpperCase() + " " + path.getKey(), operation.getValue()));
            }
        }));
        assertFalse(paths.isEmpty());
        assertEquals(List.of(), missing);
    }

    @Test
    void fieldsAreNamedAsTheyAreOnTheWire() throws IOException {
        var token = document()
                .path("components")
                .path("schemas")
                .path("CreateToken")
                .path("properties");
        assertEquals(false, token.path("expires_in_days").isMissingNode(), token.toString());
        assertEquals(true, token.path("expiresInDays").isMissingNode());
    }

    @Test
    void problemsHaveOneShape() throws IOException {
        var refused = document()
                .path("paths")
                .path("/api/v1/tokens")
                .path("post")
                .path("responses")
                .path("422");
        assertEquals(
                "#/components/schemas/Problem",
                refused.path("content")
                        .path("application/problem+json")
                        .path("schema")
                        .path("$ref")
                        .asText());
    }

    @Test
    void swaggerUiIsAtDocs() {
        anonymous()
                .get("/docs/")
                .then()
                .statusCode(200)
                .body(containsString("swagger"))
                .header("Content-Security-Policy", containsString("script-src"));
        anonymous().redirects().follow(false).get("/docs").then().statusCode(equalTo(302));
    }

    @Test
    void whatMayBeKeptSaysSoOnceAndAllElseMayNot() {
        var keys = anonymous().get("/.well-known/jwks.json").headers().getValues("Cache-Control");
        assertEquals(1, keys.size(), keys::toString);
        assertTrue(keys.getFirst().contains("max-age"), keys::toString);
        for (var path : List.of("/docs/", "/health", "/api/v1/tokens", "/nowhere")) {
            assertEquals(List.of("no-store"), anonymous().get(path).headers().getValues("Cache-Control"), path);
        }
    }

    private static List<String> missing(String name, JsonNode operation) {
        var missing = new ArrayList<String>();
        check(missing, name + " has no summary", operation.has("summary"));
        check(missing, name + " has no tag", operation.has("tags"));
        check(
                missing,
                name + " has no request example",
                hasExamples(operation.path("requestBody").path("content")));
        operation.path("responses").fields().forEachRemaining(response -> {
            if (response.getKey().startsWith("2")) {
                check(
                        missing,
                        name + " has no example of its answer",
                        hasExamples(response.getValue().path("content")));
            }
        });
        var isPublic = operation.path("security").isMissingNode();
        check(
                missing,
                name + " does not say 401 and 403",
                isPublic
                        || operation.path("responses").has("401")
                                && operation.path("responses").has("403"));
        return missing;
    }

    // JSON, that is: what a download looks like stands in its description.
    private static boolean hasExamples(JsonNode content) {
        var json = content.path("application/json");
        return json.isMissingNode() || json.has("example") || json.has("examples");
    }

    private static void check(List<String> missing, String fault, boolean holds) {
        if (!holds) {
            missing.add(fault);
        }
    }

    private static JsonNode document() throws IOException {
        return new ObjectMapper()
                .readTree(anonymous().get("/q/openapi?format=json").asString());
    }
}
