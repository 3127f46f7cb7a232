package dev.latchkey.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calls whose secrets and answers are remembered. */
final class CanaryCalls {

    /** The fields by which an answer hands out a secret, once and by design, and the kind that it is. */
    private static final Map<String, java.util.function.Function<String, Canary>> SHOWN_ONCE = Map.of(
            "token", Canary::ofToken,
            "api_key", Canary::ofApiKey,
            "access_token", Canary::ofSession,
            "refresh_token", Canary::ofRefreshToken);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> BODILESS = Set.of("GET", "DELETE");

    private static final int ATTEMPTS = 5;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private final List<Canary> canaries = new ArrayList<>();
    private final StringBuilder answers = new StringBuilder();
    private int count;

    CanaryCalls(String base) {
        this.base = base;
    }

    /** Every secret so far. */
    List<Canary> canaries() {
        return canaries;
    }

    void remember(Canary canary) {
        canaries.add(canary);
    }

    /** Every answer so far, its headers included, without what it showed by design. */
    String answers() {
        return answers.toString();
    }

    int count() {
        return count;
    }

    JsonNode send(String method, String path, String credential, String body) throws Exception {
        return send(method, path, body, Map.of("Authorization", "Bearer " + credential));
    }

    JsonNode send(String method, String path, String body, Map<String, String> headers) throws Exception {
        var content =
                body.isEmpty() || BODILESS.contains(method) ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, content);
        var all = new LinkedHashMap<>(headers);
        all.putIfAbsent("Content-Type", "application/json");
        all.forEach(request::header);
        var answer = receive(request.build());
        count++;
        return keep(method + " " + path.replaceAll("\\?.*", ""), answer);
    }

    // The service closes connections after some refusals, and may do so while the next call is on its way.
    private HttpResponse<String> receive(HttpRequest request) throws Exception {
        for (var attempt = 1; ; attempt++) {
            try {
                return client.send(request, BodyHandlers.ofString());
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private JsonNode keep(String call, HttpResponse<String> answer) throws Exception {
        var isJson = answer.headers().firstValue("Content-Type").orElse("").contains("json");
        var body = isJson && !answer.body().isEmpty() ? JSON.readTree(answer.body()) : JSON.missingNode();
        var shown = answer.body();
        for (var field : SHOWN_ONCE.entrySet()) {
            var secret = body.path(field.getKey()).asText("");
            if (answer.statusCode() < 300 && secret.length() > 20) {
                canaries.add(field.getValue().apply(secret));
                shown = shown.replace("\"" + secret + "\"", "\"(shown once)\"");
            }
        }
        // The call is not part of the answer: what it holds is not said again here.
        answers.append('\n')
                .append(answer.statusCode())
                .append(' ')
                .append(answer.headers().map());
        answers.append('\n').append(shown);
        return body;
    }
}
