package dev.latchkey.verification;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.platform.caller.PermissionQuery;
import dev.latchkey.platform.http.RequestFacts;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads questions of the plainest form: a token, and permissions and a resource that were asked for before. Anything else is left to who reads all. */
@ApplicationScoped
class PlainQuestions {

    private static final int MOST_KNOWN = 10_000;
    // Longer ones are no plain questions: a query takes many times its length in memory.
    private static final int LONGEST_KNOWN = 100;

    private final JsonFactory json = new JsonFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private final Cache<String, PermissionQuery> permissions =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();
    private final Cache<String, Boolean> resources =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();

    /** Remembers what was found valid, so that it is plain from now on. */
    void learn(VerifyRequest request, PermissionQuery needs) {
        if (request.permissions() != null && request.permissions().length() <= LONGEST_KNOWN) {
            permissions.put(request.permissions(), needs);
        }
        if (request.resource() != null && request.resource().length() <= LONGEST_KNOWN) {
            resources.put(request.resource(), true);
        }
    }

    Optional<Question> read(Buffer body, UUID tenantId, RequestFacts facts) {
        try (var parser = json.createParser(body.getBytes())) {
            return Optional.ofNullable(read(parser, tenantId, facts));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private @Nullable Question read(JsonParser parser, UUID tenantId, RequestFacts facts) throws IOException {
        String token = null;
        var needs = PermissionQuery.NOTHING;
        var endpoint = VerifyRequest.ENDPOINT;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return null;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var field = parser.currentName();
            var value = parser.nextTextValue();
            if (value == null) {
                return null;
            }
            switch (field) {
                case "token" -> token = value;
                case "permissions" -> needs = permissions.getIfPresent(value);
                case "resource" -> endpoint = resources.getIfPresent(value) == null ? null : value;
                default -> needs = null;
            }
            if (needs == null || endpoint == null) {
                return null;
            }
        }
        if (token == null || parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
            return null;
        }
        return new Question(token, Optional.of(tenantId), "", needs, 1, List.of(), "POST", endpoint, facts);
    }
}
