package dev.latchkey.platform.openapi;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.jspecify.annotations.Nullable;

/** The example of each request and answer, from {@code openapi/examples.json}: by method and path, {@code request} and {@code answer}. */
record Examples(Map<String, Map<String, Object>> byOperation) {

    private static final TypeReference<Map<String, Map<String, Object>>> TYPE = new TypeReference<>() {};

    static Examples read() {
        try (var file = Examples.class.getResourceAsStream("/openapi/examples.json")) {
            return new Examples(new ObjectMapper().readValue(Objects.requireNonNull(file), TYPE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void addTo(String name, Operation operation) {
        var example = byOperation.getOrDefault(name, Map.of());
        if (operation.getRequestBody() != null) {
            add(operation.getRequestBody().getContent(), example.get("request"));
        }
        operation.getResponses().getAPIResponses().forEach((status, response) -> {
            if (status.startsWith("2")) {
                add(response.getContent(), example.get("answer"));
            }
        });
    }

    private static void add(@Nullable Content content, @Nullable Object example) {
        if (content != null && example != null) {
            content.getMediaTypes().values().forEach(type -> type.setExample(example));
        }
    }
}
