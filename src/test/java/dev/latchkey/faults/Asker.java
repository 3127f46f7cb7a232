package dev.latchkey.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.faults.Caller.Token;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks instances about tokens as back ends and gateways do, over connections that are kept. */
final class Asker {

    /**
     * @param code the word of the answer
     * @param remaining what is left of each limit, and of {@code credits}, where the answer tells
     * @param violated the limits that refused, where the answer tells
     */
    record Answer(String code, Map<String, Long> remaining, Set<String> violated) {

        /** That nothing, or nothing good, was answered. */
        static final Answer NONE = new Answer("NONE", Map.of(), Set.of());

        boolean isValid() {
            return code.equals("VALID");
        }

        private static Answer of(JsonNode answer) {
            var remaining = new HashMap<String, Long>();
            for (var limit : answer.path("rate_limits")) {
                remaining.put(
                        limit.path("name").asText(), limit.path("remaining").asLong());
            }
            if (answer.path("credits").has("remaining")) {
                remaining.put(
                        History.CREDITS,
                        answer.path("credits").path("remaining").asLong());
            }
            var violated = new HashSet<String>();
            answer.path("violated_policies").forEach(name -> violated.add(name.asText()));
            return new Answer(answer.path("code").asText(), remaining, violated);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    // Version 2 would put all calls to an instance on one connection, and so on one of its threads.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String credential;

    /** @param credential a text that may verify others; it goes the service's short way only if it is a token's */
    Asker(String credential) {
        this.credential = credential;
    }

    Answer verify(String base, Token token, long cost) throws IOException, InterruptedException {
        return Answer.of(verify(base, token.text(), cost));
    }

    /** The answer to a question about any text. */
    JsonNode verify(String base, String text, long cost) throws IOException, InterruptedException {
        return post(base + "/api/v1/verify", Map.of("token", text, "cost", cost));
    }

    /** The answers to one batch of questions about any texts. */
    JsonNode verify(String base, List<String> texts) throws IOException, InterruptedException {
        var items = texts.stream().map(text -> Map.of("token", text)).toList();
        return post(base + "/api/v1/verify/batch", Map.of("items", items)).path("items");
    }

    /** The answers to one batch of questions about a token. */
    List<Answer> verify(String base, Token token, List<Long> costs) throws IOException, InterruptedException {
        var items = costs.stream()
                .map(cost -> Map.of("token", token.text(), "cost", cost))
                .toList();
        var answers = new ArrayList<Answer>();
        for (var answer :
                post(base + "/api/v1/verify/batch", Map.of("items", items)).path("items")) {
            answers.add(Answer.of(answer));
        }
        return answers;
    }

    /** What a gateway hears about a request that comes with the token. */
    Answer forwardAuth(String base, Token token) throws IOException, InterruptedException {
        var answer = get(base + "/api/v1/forward-auth", token.text());
        var code = answer.headers()
                .firstValue("X-Latchkey-Code")
                .orElseThrow(() -> new IOException(answer.statusCode() + " " + answer.body()));
        if (code.equals("VALID") != (answer.statusCode() == 200)) {
            throw new IOException(answer.statusCode() + " with " + code);
        }
        return new Answer(code, Map.of(), Set.of());
    }

    HttpResponse<String> get(String url, String bearer) throws IOException, InterruptedException {
        return client.send(request(url, bearer).GET().build(), BodyHandlers.ofString());
    }

    private JsonNode post(String url, Map<String, ?> body) throws IOException, InterruptedException {
        var request = request(url, credential)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
        return Caller.json(client.send(request.build(), BodyHandlers.ofString()));
    }

    private static HttpRequest.Builder request(String url, String bearer) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).header("Authorization", "Bearer " + bearer);
    }
}
