package dev.latchkey.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls to the service, each with an end: an answer that is slow to begin, slow to go on or without end fails. */
final class Service {

    private static final int BODY_MAX = 4 * 1024 * 1024;

    private final HttpClient http;
    private final String base;
    private final String authorization;

    Service(HttpClient http, String base, String token) {
        this.http = http;
        this.base = base;
        this.authorization = "Bearer " + token;
    }

    /** The answer to a question; fails with a {@link LatchkeyException}. */
    CompletableFuture<Map<?, ?>> post(String path, Map<String, Object> question, Duration timeout) {
        return send(posted(path, question, timeout), timeout, 200).thenApply(Wire::object);
    }

    /** Tells what has no answer; fails with a {@link LatchkeyException}. */
    CompletableFuture<Void> tell(String path, Map<String, Object> fields, Duration timeout) {
        return send(posted(path, fields, timeout), timeout, 204).thenAccept(body -> {});
    }

    /** The answer; fails with a {@link LatchkeyException}. */
    CompletableFuture<Map<?, ?>> get(String path, Map<String, String> query, Duration timeout) {
        var text = new StringBuilder(path);
        query.forEach((name, value) -> text.append(text.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return send(request(text.toString(), timeout).GET().build(), timeout, 200)
                .thenApply(Wire::object);
    }

    private HttpRequest posted(String path, Map<String, Object> fields, Duration timeout) {
        return request(path, timeout)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JsonWriter.write(fields)))
                .build();
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(timeout)
                .header("Authorization", authorization)
                .header("Accept", "application/json, application/problem+json");
    }

    private CompletableFuture<byte[]> send(HttpRequest request, Duration timeout, int success) {
        var exchange = http.sendAsync(request, info -> new BoundedBody());
        // The request's own timeout ends with the headers of the answer.
        return exchange.copy()
                .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .handle((response, failure) -> {
                    if (failure != null) {
                        exchange.cancel(true);
                        throw failed(failure);
                    }
                    return read(response, success);
                });
    }

    private static byte[] read(HttpResponse<byte[]> response, int success) {
        var status = response.statusCode();
        if (status == success) {
            return response.body();
        }
        // 429 is about the client's own calls, and says nothing of the credential.
        if (status >= 500 || status == 429) {
            throw new LatchkeyUnavailableException(
                    "The service cannot answer now: " + status, status == 503 || status == 429);
        }
        if (status >= 400) {
            throw new LatchkeyRefusedException(
                    status, Wire.word(response.body(), "code"), Wire.word(response.body(), "detail"));
        }
        throw new LatchkeyException("The answer is not understood: status " + status);
    }

    private static LatchkeyException failed(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException || cause instanceof IOException) {
            return new LatchkeyUnavailableException("The service did not answer", cause);
        }
        return new LatchkeyException("The service could not be asked", cause);
    }

    /** A body of bounded length, in memory. */
    private static final class BoundedBody implements BodySubscriber<byte[]> {

        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private Flow.Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            for (var part : parts) {
                if (read.size() + part.remaining() > BODY_MAX) {
                    subscription.cancel();
                    body.completeExceptionally(new IOException("The answer is too long"));
                    return;
                }
                var bytes = new byte[part.remaining()];
                part.get(bytes);
                read.write(bytes, 0, bytes.length);
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(read.toByteArray());
        }
    }
}
