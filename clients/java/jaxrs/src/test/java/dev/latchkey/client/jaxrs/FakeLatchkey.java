package dev.latchkey.client.jaxrs;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers every verification with what the test wants, and is told what is given back. */
final class FakeLatchkey {

    volatile int status = 200;
    volatile String answer = "";
    volatile String question = "";
    volatile int released = 204;
    /** How many slots may be given back before the next one waits. */
    final Semaphore releasing = new Semaphore(Integer.MAX_VALUE);

    final List<String> releases = new CopyOnWriteArrayList<>();
    private final AtomicInteger leases = new AtomicInteger();
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
                var bytes = fake.answer
                        .replace("$LEASE", "l" + fake.leases.incrementAndGet())
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(fake.status, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            server.createContext("/api/v1/verify/release", exchange -> {
                fake.releases.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                fake.releasing.acquireUninterruptibly();
                exchange.sendResponseHeaders(fake.released, -1);
                exchange.close();
            });
            server.setExecutor(Executors.newCachedThreadPool());
            server.start();
            return fake;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until so many were given back, or more. */
    void awaitReleases(int count) throws InterruptedException {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (releases.size() < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(releases.size() + " of " + count + " were given back in time");
            }
            Thread.sleep(5);
        }
    }

    String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
