package dev.latchkey.telegram;

import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Why;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One call under way: sent once or not at all, answered or given up in time. What went wrong is told by its kind alone, since the messages of
 * exceptions may hold the path, and with it the token.
 */
final class Exchange {

    // What takes longer to read than an event loop should be kept.
    private static final int LARGE_BYTES = 128 * 1024;

    private final Vertx vertx;
    private final Scrub scrub;
    private final long mostBytes;
    private final BooleanSupplier mayLeave;
    private final Promise<TelegramAnswer> answer = Promise.promise();
    // Whoever sets it decides whether the request is sent.
    private final AtomicBoolean isDecided = new AtomicBoolean();

    private volatile @Nullable HttpClientRequest sent;
    private volatile boolean hasBegun;

    Exchange(Vertx vertx, Scrub scrub, long mostBytes, BooleanSupplier mayLeave) {
        this.vertx = vertx;
        this.scrub = scrub;
        this.mostBytes = mostBytes;
        this.mayLeave = mayLeave;
    }

    Future<TelegramAnswer> run(HttpClient client, RequestOptions options, Buffer body, long millis) {
        var deadline = vertx.setTimer(millis, timer -> giveUp());
        client.request(options)
                .onSuccess(request -> send(request, body))
                .onFailure(failure -> end(new Failed(whyNotSent(failure), false)));
        return answer.future().onComplete(done -> vertx.cancelTimer(deadline));
    }

    private void giveUp() {
        if (isDecided.compareAndSet(false, true)) {
            end(new Failed(Why.TIMEOUT, false));
            return;
        }
        end(new Failed(Why.TIMEOUT, true));
        Optional.ofNullable(sent).ifPresent(HttpClientRequest::reset);
    }

    private void send(HttpClientRequest request, Buffer body) {
        if (!isDecided.compareAndSet(false, true)) {
            drop(request);
            return;
        }
        if (!mayLeave.getAsBoolean()) {
            // First of all: whoever tries again finds the connection.
            drop(request);
            end(new Failed(Why.LATE, false));
            return;
        }
        sent = request;
        request.exceptionHandler(failure -> breakOff());
        request.response().onFailure(failure -> breakOff()).onSuccess(response -> receive(request, response));
        request.end(body);
    }

    // Its connection is as good as before. What nobody listens to, Vert.x writes into the log at ERROR.
    private static void drop(HttpClientRequest request) {
        request.exceptionHandler(failure -> {});
        request.reset();
    }

    private void receive(HttpClientRequest request, HttpClientResponse response) {
        var whole = Buffer.buffer();
        hasBegun = true;
        response.exceptionHandler(failure -> breakOff());
        response.handler(part -> {
            if (whole.length() + part.length() > mostBytes) {
                end(AnswerReader.UNREADABLE);
                request.reset();
            } else {
                whole.appendBuffer(part);
            }
        });
        response.endHandler(last -> read(response, whole));
    }

    private void read(HttpClientResponse response, Buffer whole) {
        var status = response.statusCode();
        var retryAfter = Optional.ofNullable(response.getHeader("Retry-After")).orElse("");
        if (whole.length() < LARGE_BYTES) {
            end(AnswerReader.read(scrub, status, retryAfter, whole.getBytes()));
            return;
        }
        vertx.executeBlocking(() -> AnswerReader.read(scrub, status, retryAfter, whole.getBytes()), false)
                .otherwise(AnswerReader.UNREADABLE)
                .onSuccess(this::end);
    }

    // The request hears of what ends the connection as well, also while the answer comes.
    private void breakOff() {
        end(hasBegun ? AnswerReader.UNREADABLE : new Failed(Why.UNREACHABLE, true));
    }

    /** Only the first end counts. */
    private void end(TelegramAnswer how) {
        answer.tryComplete(how);
    }

    private static Why whyNotSent(Throwable failure) {
        return failure instanceof ConnectTimeoutException || failure instanceof TimeoutException
                ? Why.TIMEOUT
                : Why.UNREACHABLE;
    }
}
