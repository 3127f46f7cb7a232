package dev.latchkey.telegram;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Telegram's Bot API. Non-blocking; no redirects, one deadline for each call, nothing sent twice. */
@Singleton
public class Telegram {

    // Shorter than servers keep them (some only for 5 s): what goes out on a connection that ends meanwhile may have
    // arrived, and cannot be sent again.
    private static final int KEPT_FOR_SECONDS = 3;

    private final Vertx vertx;
    private final TelegramConfig config;
    private final HttpClient client;
    private final Place place;

    Telegram(Vertx vertx, TelegramConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.place = Place.of(config.url())
                .orElseThrow(() -> new IllegalStateException("latchkey.telegram.url is no URL of a server"));
        this.client = vertx.httpClientBuilder()
                .with(options(config))
                // The size of a pool that stands in the other options is not looked at: there would be 5 connections.
                .with(new PoolOptions().setHttp1MaxSize(config.connections()))
                // Of a connection that nobody listens to, Vert.x writes into the log at ERROR what is wrong with an
                // answer's
                // head, and quotes it: a token that is echoed there, too.
                .withConnectHandler(connection -> connection.exceptionHandler(failure -> {}))
                .build();
    }

    private static HttpClientOptions options(TelegramConfig config) {
        return new HttpClientOptions()
                .setKeepAliveTimeout(KEPT_FOR_SECONDS)
                .setConnectTimeout((int) config.timeout().toMillis())
                .setVerifyHost(true)
                // Without a name Quarkus measures nothing of it: its meters have the path, and so the token, in a tag.
                .setMetricsName("")
                .setLogActivity(false);
    }

    /**
     * Calls it once. Never fails: what goes wrong is a {@link TelegramAnswer.Failed}. Whoever continues on the answer is on an event loop, and must
     * not wait there.
     *
     * @param mayLeave is asked when all that is left to do is to send it; if not, nothing is sent, and the answer is {@link TelegramAnswer.Why#LATE}
     */
    public Future<TelegramAnswer> call(BotToken token, TelegramCall call, BooleanSupplier mayLeave) {
        var millis = millis(call.timeout().isZero() ? config.timeout() : call.timeout());
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(place.host())
                .setPort(place.port())
                .setSsl(place.isTls())
                .setURI(place.path() + "/bot" + token.secret().reveal() + "/" + call.method())
                .setFollowRedirects(false)
                .setConnectTimeout(millis)
                .putHeader("Accept", "application/json");
        if (!call.contentType().isEmpty()) {
            options.putHeader("Content-Type", call.contentType());
        }
        return new Exchange(vertx, new Scrub(token), config.answerMax().asLongValue(), mayLeave)
                .run(client, options, call.body(), millis);
    }

    private static long millis(Duration timeout) {
        return Math.max(1, timeout.toMillis());
    }
}
