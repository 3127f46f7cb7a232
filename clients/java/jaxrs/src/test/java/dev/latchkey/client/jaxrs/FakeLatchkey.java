package dev.latchkey.client.jaxrs;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A server that answers every verification with what the test wants. */
final class FakeLatchkey {

    volatile int status = 200;
    volatile String answer = "";
    volatile String question = "";
    private final HttpServer server;

    private FakeLatchkey(HttpServer server) {
        this.server = server;
    }

    static FakeLatchkey start() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            var fake = new FakeLatchkey(server);
            server.createContext("/api/v1/verify", exchange -> {
                fake.question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                var bytes = fake.answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(fake.status, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            server.start();
            return fake;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
