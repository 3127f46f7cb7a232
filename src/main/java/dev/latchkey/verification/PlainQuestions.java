package dev.latchkey.verification;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.platform.caller.PermissionQuery;
import dev.latchkey.platform.http.RequestFacts;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads questions of the plainest form: a token, a cost, and permissions or scopes and a resource that were asked for before. Anything else is
 * left to who reads all.
 */
@Singleton
class PlainQuestions {

    private static final int MOST_KNOWN = 10_000;
    // Longer ones are no plain questions: a query takes many times its length in memory.
    private static final int LONGEST_KNOWN = 100;

    private final JsonFactory json = new JsonFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private final Cache<String, PermissionQuery> permissions =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();
    private final Cache<List<String>, PermissionQuery> scopes =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();
    private final Cache<String, String> resources =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();

    /** Remembers what was found valid, so that it is plain from now on. */
    void learn(VerifyRequest request, PermissionQuery needs) {
        if (request.permissions() != null && request.permissions().length() <= LONGEST_KNOWN) {
            permissions.put(request.permissions(), needs);
        }
        if (request.scopes() != null && !request.scopes().isEmpty() && length(request.scopes()) <= LONGEST_KNOWN) {
            scopes.put(List.copyOf(request.scopes()), needs);
        }
        if (request.resource() != null && request.resource().length() <= LONGEST_KNOWN) {
            resources.put(request.resource(), request.resource());
        }
    }

    Optional<Question> read(Buffer body, UUID tenantId, RequestFacts facts) {
        try (var parser = json.createParser(body.getBytes())) {
            return Optional.ofNullable(
                            parser.nextToken() == JsonToken.START_OBJECT ? question(parser, tenantId, facts) : null)
                    .filter(question -> isOver(parser));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The questions of a batch; none if one of them is not plain, or they are too many. */
    List<Question> readBatch(Buffer body, UUID tenantId, RequestFacts facts) {
        try (var parser = json.createParser(body.getBytes())) {
            if (parser.nextToken() != JsonToken.START_OBJECT
                    || !"items".equals(parser.nextFieldName())
                    || parser.nextToken() != JsonToken.START_ARRAY) {
                return List.of();
            }
            var questions = new ArrayList<Question>();
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                var question = question(parser, tenantId, facts);
                if (question == null || questions.size() == VerifyRequest.MOST_IN_BATCH) {
                    return List.of();
                }
                questions.add(question);
            }
            return parser.currentToken() == JsonToken.END_ARRAY
                            && parser.nextToken() == JsonToken.END_OBJECT
                            && isOver(parser)
                    ? questions
                    : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean isOver(JsonParser parser) {
        try {
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static int length(List<String> words) {
        return words.stream().mapToInt(word -> word.length() + 1).sum();
    }

    private @Nullable Question question(JsonParser parser, UUID tenantId, RequestFacts facts) throws IOException {
        String token = null;
        var needs = PermissionQuery.NOTHING;
        var cost = 1L;
        var endpoint = VerifyRequest.ENDPOINT;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var field = parser.currentName();
            var isText = parser.nextToken() == JsonToken.VALUE_STRING;
            // Scopes and permissions together are not asked for.
            var isFirst = needs.equals(PermissionQuery.NOTHING);
            switch (field) {
                case "token" -> token = isText ? parser.getText() : null;
                case "permissions" -> needs = isText && isFirst ? permissions.getIfPresent(parser.getText()) : null;
                case "scopes" -> needs = isFirst ? scopes(parser) : null;
                case "resource" -> endpoint = isText ? resources.getIfPresent(parser.getText()) : null;
                case "cost" -> cost = cost(parser);
                default -> needs = null;
            }
            if (needs == null || endpoint == null || cost == 0) {
                return null;
            }
        }
        if (token == null || parser.currentToken() != JsonToken.END_OBJECT) {
            return null;
        }
        return new Question(token, Optional.of(tenantId), "", needs, cost, List.of(), "POST", endpoint, facts);
    }

    /** 0 for what is no plain cost. */
    private static long cost(JsonParser parser) throws IOException {
        var cost = parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : 0;
        return cost > 0 && cost <= VerifyRequest.MOST ? cost : 0;
    }

    private @Nullable PermissionQuery scopes(JsonParser parser) throws IOException {
        var words = new ArrayList<String>();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return null;
        }
        while (parser.nextToken() == JsonToken.VALUE_STRING && words.size() < LONGEST_KNOWN) {
            words.add(parser.getText());
        }
        return parser.currentToken() == JsonToken.END_ARRAY ? scopes.getIfPresent(words) : null;
    }
}
