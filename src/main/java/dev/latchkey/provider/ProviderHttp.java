package dev.latchkey.provider;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Calls providers: no redirects, one deadline from the first byte to the last, and no more than 256 KiB of an answer. Blocking. */
@Singleton
class ProviderHttp {

    /** @param retryAfter as it was sent; empty if it was not */
    record Reply(int status, String contentType, String retryAfter, byte[] body) {}

    static final int MOST_BYTES = 256 * 1024;

    private static final int CONNECTIONS_PER_HOST = 64;
    // Shorter than servers keep them (some only for 5 s): what goes out on a connection that ends meanwhile may have
    // arrived, and cannot be sent again.
    private static final int KEPT_FOR_SECONDS = 2;

    private final Vertx vertx;
    private final HttpClient client;
    private final Duration timeout;

    ProviderHttp(Vertx vertx, ProvidersConfig config) {
        this.vertx = vertx;
        this.timeout = config.timeout();
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setMaxPoolSize(CONNECTIONS_PER_HOST)
                .setKeepAliveTimeout(KEPT_FOR_SECONDS)
                .setConnectTimeout((int) timeout.toMillis())
                .setIdleTimeout((int) (2 * timeout.toSeconds()))
                .setVerifyHost(true));
    }

    Reply get(URI uri, boolean publicOnly) throws IOException {
        return send(HttpMethod.GET, uri, publicOnly, Map.of(), "");
    }

    /** @param form encoded */
    Reply post(URI uri, boolean publicOnly, Map<String, String> headers, String form) throws IOException {
        return send(HttpMethod.POST, uri, publicOnly, headers, form);
    }

    /** @throws IOException if there is no whole answer in time; whether the request has arrived is not known then */
    private Reply send(HttpMethod method, URI uri, boolean publicOnly, Map<String, String> headers, String body)
            throws IOException {
        var to = Destination.of(uri, publicOnly);
        var options = new RequestOptions()
                .setMethod(method)
                .setHost(uri.getHost())
                .setPort(to.port())
                .setSsl(to.isTls())
                .setServer(
                        SocketAddress.inetSocketAddress(to.port(), to.address().getHostAddress()))
                .setURI(path(uri))
                .setFollowRedirects(false)
                .putHeader("Accept", "application/json");
        headers.forEach(options::putHeader);
        if (method == HttpMethod.POST) {
            options.putHeader("Content-Type", "application/x-www-form-urlencoded");
        }
        var answer = client.request(options).compose(request -> answer(request, body));
        try {
            // Finding a connection has a deadline of its own.
            return answer.toCompletionStage().toCompletableFuture().get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("No connection in time", e);
        } catch (ExecutionException e) {
            throw new IOException(why(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    // What the exception says may hold addresses.
    private static String why(@Nullable Throwable cause) {
        return cause == null || cause instanceof TimeoutException
                ? "No answer in time"
                : "No answer (" + cause.getClass().getSimpleName() + ")";
    }

    private Future<Reply> answer(HttpClientRequest request, String body) {
        var reply = Promise.<Reply>promise();
        var deadline = vertx.setTimer(timeout.toMillis(), timer -> {
            if (reply.tryFail(new TimeoutException())) {
                request.reset();
            }
        });
        request.exceptionHandler(reply::tryFail);
        request.response().onFailure(reply::tryFail).onSuccess(response -> read(request, response, reply));
        request.end(Buffer.buffer(body));
        return reply.future().onComplete(done -> vertx.cancelTimer(deadline));
    }

    private static void read(HttpClientRequest request, HttpClientResponse response, Promise<Reply> reply) {
        var whole = Buffer.buffer();
        response.exceptionHandler(reply::tryFail);
        response.handler(part -> {
            if (whole.length() + part.length() > MOST_BYTES) {
                reply.tryFail(new IOException("Too large"));
                request.reset();
            } else {
                whole.appendBuffer(part);
            }
        });
        response.endHandler(end -> reply.tryComplete(new Reply(
                response.statusCode(),
                header(response, "Content-Type"),
                header(response, "Retry-After"),
                whole.getBytes())));
    }

    private static String header(HttpClientResponse response, String name) {
        var value = response.getHeader(name);
        return value == null ? "" : value;
    }

    private static String path(URI uri) {
        var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }
}
