package dev.latchkey.telegram;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;

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

    /** @param path before each call's own; empty, or begins with a slash and does not end with one */
    private record Place(String host, int port, boolean isTls, String path) {}

    Telegram(Vertx vertx, TelegramConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.place = place(config.url());
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setMaxPoolSize(config.connections())
                .setKeepAliveTimeout(KEPT_FOR_SECONDS)
                .setConnectTimeout((int) config.timeout().toMillis())
                .setVerifyHost(true));
    }

    /**
     * Calls it once. Never fails: what goes wrong is a {@link TelegramAnswer.Failed}. Whoever continues on the answer is on an event loop, and must
     * not wait there.
     */
    public Future<TelegramAnswer> call(BotToken token, TelegramCall call) {
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
        return new Exchange(vertx, new Scrub(token), config.answerMax().asLongValue())
                .run(client, options, call.body(), millis);
    }

    private static long millis(Duration timeout) {
        return Math.max(1, timeout.toMillis());
    }

    private static Place place(URI url) {
        var isTls = "https".equalsIgnoreCase(url.getScheme());
        if (!isTls && !"http".equalsIgnoreCase(url.getScheme())
                || url.getHost() == null
                || url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "latchkey.telegram.url must be an http or https URL without user information, query and fragment");
        }
        var port = url.getPort() == -1 ? isTls ? 443 : 80 : url.getPort();
        return new Place(url.getHost(), port, isTls, url.getRawPath().replaceAll("/+$", ""));
    }
}
