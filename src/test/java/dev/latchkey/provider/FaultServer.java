package dev.latchkey.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A token endpoint that does what no honest provider does. */
public final class FaultServer implements AutoCloseable {

    /** What is answered to a request with this body. */
    @FunctionalInterface
    public interface Answer {
        void to(HttpExchange exchange, String body) throws IOException;
    }

    /** What was asked. */
    public record Asked(String body, String authorization) {}

    private final HttpServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Answer answer = json(200, "{}");

    public FaultServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                var authorization = exchange.getRequestHeaders().getFirst("Authorization");
                asked.add(new Asked(body, authorization == null ? "" : authorization));
                answer.to(exchange, body);
            }
        });
        server.start();
    }

    public static Answer json(int status, String json, String... headers) {
        return (exchange, body) -> send(exchange, status, "application/json", json, headers);
    }

    static Answer text(int status, String type, String text) {
        return (exchange, body) -> send(exchange, status, type, text);
    }

    private static void send(HttpExchange exchange, int status, String type, String text, String... headers)
            throws IOException {
        for (var i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
        }
        exchange.getResponseHeaders().add("Content-Type", type);
        var bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    public void answers(Answer next) {
        answer = next;
    }

    public List<Asked> asked() {
        return asked;
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
