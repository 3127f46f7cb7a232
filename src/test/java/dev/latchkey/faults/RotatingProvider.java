package dev.latchkey.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A provider of ours whose refresh tokens rotate, and that does what no certified one can be made to do: fail, and wait until somebody was killed. */
final class RotatingProvider implements AutoCloseable {

    private final HttpServer server;
    private final int lifeSeconds;
    // Each refresh token, and how often it came.
    private final Map<String, AtomicInteger> uses = new ConcurrentHashMap<>();
    private final Map<String, Instant> firstRefreshes = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean isDown;
    private volatile boolean forgives;
    private volatile Runnable beforeAnswer = () -> {};

    RotatingProvider(int lifeSeconds) throws IOException {
        this.lifeSeconds = lifeSeconds;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                serve(exchange);
            }
        });
        server.start();
    }

    private String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What Latchkey calls it. */
    String name() {
        return "oidc:" + issuer();
    }

    void goesDown(boolean down) {
        isDown = down;
    }

    /** Whether it answers a refresh token that comes again as it did before, or says that the grant is over. */
    void forgivesASecondUse(boolean forgiving) {
        forgives = forgiving;
    }

    /** What happens when it has taken a refresh token, and not answered yet. */
    void beforeAnswer(Runnable step) {
        beforeAnswer = step;
    }

    /** Refresh tokens that came more than once. */
    long usedTwice() {
        return uses.values().stream().filter(use -> use.get() > 1).count();
    }

    long refreshes() {
        return uses.values().stream().filter(use -> use.get() > 0).count();
    }

    /** Calls that it did not answer, as it was down. */
    int failures() {
        return failures.get();
    }

    /** When each client, by its id here, first came with a refresh token. */
    Map<String, Instant> firstRefreshes() {
        return Map.copyOf(firstRefreshes);
    }

    private void serve(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (path.equals("/.well-known/openid-configuration")) {
            send(exchange, 200, """
                    {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token"}""".formatted(issuer()));
            return;
        }
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        if (isDown) {
            failures.incrementAndGet();
            send(exchange, 503, "{}");
        } else if (body.contains("grant_type=refresh_token")) {
            refresh(exchange, parameter(body, "refresh_token").orElse(""));
        } else {
            grant(exchange);
        }
    }

    private void refresh(HttpExchange exchange, String token) throws IOException {
        firstRefreshes.putIfAbsent(client(exchange), Instant.now());
        var known = uses.get(token);
        var isFirst = known != null && known.incrementAndGet() == 1;
        beforeAnswer.run();
        if (isFirst || forgives) {
            grant(exchange);
        } else {
            send(exchange, 400, "{\"error\":\"invalid_grant\"}");
        }
    }

    private void grant(HttpExchange exchange) throws IOException {
        var number = next.incrementAndGet();
        uses.put("r" + number, new AtomicInteger());
        send(exchange, 200, """
                {"access_token":"a%1$d","refresh_token":"r%1$d","token_type":"Bearer","expires_in":%2$d}""".formatted(number, lifeSeconds));
    }

    private static String client(HttpExchange exchange) {
        var header = exchange.getRequestHeaders().getFirst("Authorization");
        var pair = new String(Base64.getDecoder().decode(header.substring("Basic ".length())), UTF_8);
        return URLDecoder.decode(pair.substring(0, pair.indexOf(':')), UTF_8);
    }

    private static Optional<String> parameter(String form, String name) {
        for (var part : form.split("&", -1)) {
            if (part.startsWith(name + "=")) {
                return Optional.of(URLDecoder.decode(part.substring(name.length() + 1), UTF_8));
            }
        }
        return Optional.empty();
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        var bytes = json.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
