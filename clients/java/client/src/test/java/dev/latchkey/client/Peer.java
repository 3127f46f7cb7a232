package dev.latchkey.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real HTTP server that answers as the test says: verifications by a script, the feed of changes by what is put into it. */
final class Peer implements AutoCloseable {

    interface Script {
        void answer(HttpExchange exchange, String body) throws IOException, InterruptedException;
    }

    static final String VALID = """
            {"valid":true,"code":"VALID","kind":"api_token","key_id":"k1","tenant_id":"t1","owner":"u1","role":null,
             "scopes":["read:reports"],"expires_at":null,"metadata":{"plan":"pro"},"credits":null,
             "rate_limits":[{"name":"minute","limit":1000000,"remaining":999999,"reset":60}],"violated_policies":[],"retry_after":null}""";

    final List<Map<?, ?>> questions = new CopyOnWriteArrayList<>();
    final List<Map<?, ?>> releases = new CopyOnWriteArrayList<>();
    final List<String> polls = new CopyOnWriteArrayList<>();
    volatile Script verify = (exchange, body) -> send(exchange, 200, VALID);
    volatile Script release = (exchange, body) -> exchange.sendResponseHeaders(204, -1);
    volatile boolean feedIsUp = true;
    volatile boolean feedIsSilent;
    private final LinkedBlockingQueue<String> changes = new LinkedBlockingQueue<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile long epoch = 100;

    Peer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/api/v1/verify", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            questions.add(Wire.object(body.getBytes(StandardCharsets.UTF_8)));
            play(verify, exchange, body);
        });
        server.createContext("/api/v1/verify/release", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            releases.add(Wire.object(body.getBytes(StandardCharsets.UTF_8)));
            play(release, exchange, body);
        });
        server.createContext("/api/v1/verify/changes", exchange -> {
            polls.add(String.valueOf(exchange.getRequestURI().getQuery()));
            play(this::tell, exchange, "");
        });
        server.start();
    }

    String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    LatchkeyClientBuilder client() {
        var settings = LatchkeyClient.builder(base(), "lk_own");
        settings.silenceMax = Duration.ofSeconds(60);
        return settings;
    }

    /** One with a cache, which is in use. */
    LatchkeyClient caching(LatchkeyClientBuilder settings) throws InterruptedException {
        var client = settings.build();
        until(client::isCacheLive);
        // What is asked in the first second is not kept.
        Thread.sleep(Answers.SETTLING.toMillis() + 50);
        return client;
    }

    /** Tells whoever follows that these changed. */
    void change(String... names) {
        epoch++;
        changes.add("{\"epoch\":" + epoch + ",\"reset\":false,\"changed\":" + JsonWriter.write(List.of(names)) + "}");
    }

    /** And waits until it was heard: whoever heard it asks after it. */
    void changeAndAwait(String name) throws InterruptedException {
        change(name);
        var heard = "after=" + epoch + "&";
        until(() -> polls.stream().anyMatch(poll -> (poll + "&").contains(heard)));
    }

    void reset() {
        changes.add("{\"epoch\":7,\"reset\":true,\"changed\":[]}");
    }

    static void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come about in time");
            }
            Thread.sleep(5);
        }
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void tell(HttpExchange exchange, String body) throws IOException, InterruptedException {
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        var told = query.contains("after=") ? changes.poll(1, TimeUnit.SECONDS) : null;
        if (feedIsSilent) {
            Thread.sleep(60_000);
        }
        if (!feedIsUp) {
            send(exchange, 503, "{\"code\":\"unavailable\"}");
            return;
        }
        send(exchange, 200, told == null ? "{\"epoch\":" + epoch + ",\"reset\":false,\"changed\":[]}" : told);
    }

    private static void play(Script script, HttpExchange exchange, String body) throws IOException {
        try (exchange) {
            script.answer(exchange, body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
