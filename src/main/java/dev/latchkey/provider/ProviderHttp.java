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
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Calls providers: no redirects, one deadline from the look-up of the name to the last byte, and no more than 256 KiB of an answer. Blocking. */
@Singleton
class ProviderHttp {

    /** @param retryAfter as it was sent; empty if it was not */
    record Reply(int status, String retryAfter, byte[] body) {}

    static final int MOST_BYTES = 256 * 1024;

    private static final int CONNECTIONS_PER_HOST = 64;
    // Shorter than servers keep them (some only for 5 s): what goes out on a connection that ends meanwhile may have
    // arrived, and cannot be sent again.
    private static final int KEPT_FOR_SECONDS = 2;

    private static final int GRACE_MILLIS = 500;

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

    /** @throws IOException if there is no whole answer in time; whether the request has arrived is not known then, but it is not on its way any more */
    private Reply send(HttpMethod method, URI uri, boolean publicOnly, Map<String, String> headers, String body)
            throws IOException {
        var end = System.nanoTime() + timeout.toNanos();
        var to = lookUp(uri, publicOnly);
        var options = new RequestOptions()
                .setMethod(method)
                .setHost(uri.getHost())
                .setPort(to.port())
                .setSsl(to.isTls())
                .setServer(
                        SocketAddress.inetSocketAddress(to.port(), to.address().getHostAddress()))
                .setURI(path(uri))
                .setFollowRedirects(false)
                .setConnectTimeout(millisTo(end))
                .putHeader("Accept", "application/json");
        headers.forEach(options::putHeader);
        if (method == HttpMethod.POST) {
            options.putHeader("Content-Type", "application/x-www-form-urlencoded");
        }
        // Whoever waits for a connection may give up before there is one: nothing is sent then.
        var isDecided = new AtomicBoolean();
        var answer = client.request(options).compose(request -> {
            if (isDecided.compareAndSet(false, true)) {
                return answer(request, body, millisTo(end));
            }
            request.reset();
            return Future.failedFuture(new TimeoutException());
        });
        try {
            return within(answer.toCompletionStage().toCompletableFuture(), millisTo(end) + GRACE_MILLIS);
        } catch (TimeoutException e) {
            throw new IOException(
                    isDecided.compareAndSet(false, true) ? "No connection in time" : "No answer in time", e);
        }
    }

    // Names are looked up by the machine, which takes its time.
    private Destination lookUp(URI uri, boolean publicOnly) throws IOException {
        var found = new CompletableFuture<Destination>();
        Thread.ofVirtual().name("latchkey-look-up").start(() -> {
            try {
                found.complete(Destination.of(uri, publicOnly));
            } catch (IOException | RuntimeException e) {
                found.completeExceptionally(e);
            }
        });
        try {
            return within(found, timeout.toMillis());
        } catch (TimeoutException e) {
            throw new IOException("No address in time", e);
        }
    }

    private static <T> T within(CompletableFuture<T> future, long millis) throws IOException, TimeoutException {
        try {
            return future.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw new IOException("No such host", e);
            }
            throw e.getCause() instanceof IOException plain && plain.getClass() == IOException.class
                    ? plain
                    : new IOException(why(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    private static long millisTo(long end) {
        return Math.max(1, (end - System.nanoTime()) / 1_000_000);
    }

    // What the exception says may hold addresses.
    private static String why(@Nullable Throwable cause) {
        return cause == null || cause instanceof TimeoutException
                ? "No answer in time"
                : "No answer (" + cause.getClass().getSimpleName() + ")";
    }

    private Future<Reply> answer(HttpClientRequest request, String body, long millis) {
        var reply = Promise.<Reply>promise();
        var deadline = vertx.setTimer(millis, timer -> {
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
        response.endHandler(end ->
                reply.tryComplete(new Reply(response.statusCode(), header(response, "Retry-After"), whole.getBytes())));
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
