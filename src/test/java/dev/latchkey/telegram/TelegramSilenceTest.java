package dev.latchkey.telegram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.micrometer.core.instrument.Metrics;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The token stands in each call's path: no log at any level, and no meter, takes it from there. */
@QuarkusTest
class TelegramSilenceTest {

    private static final String HALF = "CANARY-aB_cDeFgHiJkLmNoPqRsTuVwXyZ0";
    private static final BotToken TOKEN = BotToken.parse("424242:" + HALF).orElseThrow();
    private static final Duration SHORT = Duration.ofMillis(400);
    // What the log's other users say at these levels is their business, and slow.
    private static final List<String> WATCHED = List.of("io.vertx", "io.netty", "io.quarkus", "dev.latchkey");

    @Inject
    Vertx vertx;

    @Inject
    TelegramConfig config;

    @Inject
    Telegram telegram;

    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord line) {
            var trace = new StringWriter();
            if (line.getThrown() != null) {
                line.getThrown().printStackTrace(new PrintWriter(trace));
            }
            var parameters = line.getParameters() == null ? List.of() : List.of(line.getParameters());
            lines.add(line.getLoggerName() + " " + line.getMessage() + " " + parameters + " " + trace);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        for (var name : WATCHED) {
            Logger.getLogger(name).setLevel(Level.ALL);
            Logger.getLogger(name).addHandler(listener);
        }
    }

    @AfterEach
    void stop() {
        for (var name : WATCHED) {
            Logger.getLogger(name).removeHandler(listener);
            Logger.getLogger(name).setLevel(null);
        }
    }

    @Test
    void theBotApiIsTelegramsUnlessSaidOtherwise() {
        assertEquals(URI.create("https://api.telegram.org"), config.url());
        assertEquals(Duration.ofSeconds(10), config.timeout());
        assertEquals(8 * 1024 * 1024, config.answerMax().asLongValue());
    }

    @Test
    void nobodyWritesTheTokenDown() throws Exception {
        try (var server = new TelegramFaults()) {
            var impatient = new Telegram(vertx, server.config(SHORT));
            for (var answer : List.of(
                    TelegramFaults.ok("true"),
                    TelegramFaults.echo(),
                    TelegramFaults.echoRefused(401),
                    TelegramFaults.tooMany(3),
                    TelegramFaults.garbage(),
                    TelegramFaults.reset(),
                    TelegramFaults.cutOff(),
                    TelegramFaults.huge(2 * 1024 * 1024),
                    server.silence(),
                    server.slow(Duration.ofMillis(100)))) {
                server.answers(answer);
                call(impatient);
            }
            server.close();
            call(impatient);
        }
        unasked("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"ok\":true}");
        unasked("HTTP/1.1 200 OK\r\nLocation: /bot%s\r\nContent-Length: 0\r\n\r\n");
        unasked("HTTP/1.1 2x0 /bot%s\r\nContent-Length: 0\r\n\r\n");
        unasked("HTTP/1.1 200 OK\r\nContent-Length: /bot%s\r\n\r\n");
        unasked("/bot%s\r\n\r\n");
        assertFalse(lines.isEmpty(), "somebody was listened to");
        var telling = lines.stream().filter(TelegramSilenceTest::tells).toList();
        assertEquals(List.of(), telling);
        var meters = Metrics.globalRegistry.getMeters().stream()
                .map(meter -> meter.getId().toString())
                .toList();
        assertFalse(meters.isEmpty());
        assertEquals(
                List.of(), meters.stream().filter(TelegramSilenceTest::tells).toList());
    }

    private static boolean tells(String text) {
        return text.toLowerCase(Locale.ROOT).contains(HALF.toLowerCase(Locale.ROOT));
    }

    /** Two answers to one call: this, in which the token is set, and again as what nobody asked for. */
    private void unasked(String raw) throws Exception {
        var bytes = raw.formatted(TOKEN.secret().reveal()).getBytes(StandardCharsets.US_ASCII);
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> twice(server, bytes));
            var url = URI.create("http://127.0.0.1:" + server.getLocalPort());
            call(new Telegram(vertx, TelegramFaults.config(url, SHORT)));
            // What comes later is read, and complained about, later.
            Thread.sleep(SHORT);
        }
    }

    private static void twice(ServerSocket server, byte[] bytes) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().read();
            for (var i = 0; i < 2; i++) {
                socket.getOutputStream().write(bytes);
                socket.getOutputStream().flush();
                Thread.sleep(SHORT.dividedBy(4));
            }
        } catch (IOException e) {
            // The client has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void call(Telegram telegram) throws Exception {
        telegram.call(TOKEN, TelegramCall.of("getMe"), () -> true)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }
}
