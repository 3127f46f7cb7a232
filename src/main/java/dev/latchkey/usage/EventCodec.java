package dev.latchkey.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An event as a line of JSON in the stream. Replicas of two versions read each other's entries during a rollout: fields may be
 * added, and are then optional; none may change its meaning.
 */
final class EventCodec {

    // Not the service's own mapper: its settings belong to the HTTP contract and may change with it.
    private final ObjectMapper json = new ObjectMapper();

    String encode(UsageEvent event) {
        var node = json.createObjectNode()
                .put("id", event.id().toString())
                .put("at", ChronoUnit.MICROS.between(Instant.EPOCH, event.at()))
                .put("tenant", event.tenantId().toString())
                .put("credential", event.credentialId().toString())
                .put("kind", event.kind())
                .put("method", event.method())
                .put("endpoint", event.endpoint())
                .put("status", event.status())
                .put("micros", event.latencyMicros())
                .put("bytes", event.bytes())
                .put("request", event.requestId());
        event.userId().ifPresent(user -> node.put("user", user.toString()));
        if (!event.scopes().isEmpty()) {
            var scopes = node.putArray("scopes");
            event.scopes().forEach(scopes::add);
        }
        return node.toString();
    }

    /** @throws IllegalArgumentException if the text is no event */
    UsageEvent decode(String text) {
        var node = read(text);
        return new UsageEvent(
                uuid(node.required("id")),
                Instant.EPOCH.plus(number(node.required("at")), ChronoUnit.MICROS),
                uuid(node.required("tenant")),
                uuid(node.required("credential")),
                word(node.required("kind")),
                Optional.ofNullable(node.get("user")).map(EventCodec::uuid),
                word(node.required("endpoint")),
                word(node.required("method")),
                status(node.required("status")),
                Duration.of(number(node.required("micros")), ChronoUnit.MICROS),
                number(node.required("bytes")),
                word(node.required("request")),
                words(node.path("scopes")));
    }

    private JsonNode read(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
    }

    private static UUID uuid(JsonNode node) {
        return UUID.fromString(word(node));
    }

    private static String word(JsonNode node) {
        if (!node.isTextual()) {
            throw new IllegalArgumentException("a text is expected");
        }
        return node.textValue();
    }

    private static long number(JsonNode node) {
        if (!node.canConvertToExactIntegral() || !node.canConvertToLong()) {
            throw new IllegalArgumentException("a whole number is expected");
        }
        return node.longValue();
    }

    private static int status(JsonNode node) {
        if (!node.canConvertToInt()) {
            throw new IllegalArgumentException("a status is expected");
        }
        return Math.toIntExact(number(node));
    }

    private static List<String> words(JsonNode node) {
        var words = new ArrayList<String>();
        node.forEach(word -> words.add(word(word)));
        return words;
    }
}
