import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Single calls, outside of the load. Every one that gives no success ends the run. */
final class Http {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static final String JSON_LINES = "application/x-ndjson";

    private Http() {}

    /** @param body sent by the method, unless it is empty */
    static JsonNode json(String method, String url, String credential, String body)
            throws IOException, InterruptedException {
        return JSON.readTree(text(method, url, credential, body));
    }

    static String text(String method, String url, String credential, String body)
            throws IOException, InterruptedException {
        return text(method, url, credential, body, contentType(body));
    }

    static String text(String method, String url, String credential, String body, String contentType)
            throws IOException, InterruptedException {
        var content = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(30))
                .method(method, content);
        if (!body.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        if (!credential.isEmpty()) {
            request.header("Authorization", "Bearer " + credential);
        }
        var answer = CLIENT.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new Failure(url + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    static String contentType(String body) {
        return body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded";
    }
}
