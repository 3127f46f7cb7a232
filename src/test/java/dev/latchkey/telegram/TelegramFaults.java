package dev.latchkey.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.runtime.configuration.MemorySize;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A Bot API on the loopback interface that answers as it is told, and as no honest one does. */
public final class TelegramFaults implements AutoCloseable {

    /** What came in. @param arrivedNanos by {@link System#nanoTime} */
    public record Call(String token, String method, String contentType, byte[] body, long arrivedNanos) {

        public String text() {
            return new String(body, UTF_8);
        }
    }

    /** What is done with a call. */
    @FunctionalInterface
    public interface Answer {
        void to(HttpExchange exchange, Call call) throws IOException, InterruptedException;
    }

    private static final Pattern PATH = Pattern.compile("/bot([^/]+)/([^/]+)");
    private static final int BACKLOG = 1024;
    private static final int LARGE_BYTES = 64 * 1024;

    private final HttpServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Function<Call, Answer> answers = call -> ok("true");

    public TelegramFaults() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var arrived = System.nanoTime();
        try (exchange) {
            var path = PATH.matcher(exchange.getRequestURI().getRawPath());
            var body = exchange.getRequestBody().readAllBytes();
            if (!path.matches() || !"POST".equals(exchange.getRequestMethod())) {
                json(404, "{\"ok\":false,\"error_code\":404,\"description\":\"Not Found\"}")
                        .to(exchange, new Call("", "", "", body, arrived));
                return;
            }
            var type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"));
            var call = new Call(path.group(1), path.group(2), type.orElse(""), body, arrived);
            calls.add(call);
            answers.apply(call).to(exchange, call);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public void answers(Function<Call, Answer> next) {
        answers = next;
    }

    public void answers(Answer next) {
        answers = call -> next;
    }

    /** In the order in which they arrived. */
    public List<Call> calls() {
        return calls;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Of a {@link Telegram} that calls this server, and waits so long for it. */
    public TelegramConfig config(Duration timeout) {
        return config(uri(), timeout);
    }

    /** Of a {@link Telegram} that calls a server, and waits so long for it. */
    public static TelegramConfig config(URI url, Duration timeout) {
        return new TelegramConfig() {
            @Override
            public URI url() {
                return url;
            }

            @Override
            public Duration timeout() {
                return timeout;
            }

            @Override
            public int connections() {
                return 64;
            }

            @Override
            public MemorySize answerMax() {
                return new MemorySize(BigInteger.valueOf(1024 * 1024));
            }
        };
    }

    /** @param result JSON */
    public static Answer ok(String result) {
        return json(200, "{\"ok\":true,\"result\":" + result + "}");
    }

    /** @param description without characters that JSON escapes */
    public static Answer refused(int code, String description) {
        return json(code, "{\"ok\":false,\"error_code\":" + code + ",\"description\":\"" + description + "\"}");
    }

    public static Answer tooMany(int retryAfterSeconds) {
        return json(
                429,
                "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after " + retryAfterSeconds
                        + "\",\"parameters\":{\"retry_after\":" + retryAfterSeconds + "}}");
    }

    /** Never, until this server is closed. */
    public Answer silence() {
        return (exchange, call) -> closed.await();
    }

    /** After that time. */
    public static Answer after(Duration pause, Answer then) {
        return (exchange, call) -> {
            Thread.sleep(pause);
            then.to(exchange, call);
        };
    }

    /** The connection ends without a byte of an answer. */
    public static Answer reset() {
        return (exchange, call) -> exchange.close();
    }

    /** An answer of which one byte comes in each such time. */
    public Answer slow(Duration pause) {
        return (exchange, call) -> {
            var bytes = "{\"ok\":true,\"result\":true}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            for (var one : bytes) {
                exchange.getResponseBody().write(one);
                exchange.getResponseBody().flush();
                if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        };
    }

    /** An answer that ends before it is whole. */
    public static Answer cutOff() {
        return (exchange, call) -> {
            exchange.sendResponseHeaders(200, LARGE_BYTES);
            exchange.getResponseBody().write("{\"ok\":true,\"result\":".getBytes(UTF_8));
            exchange.getResponseBody().flush();
        };
    }

    /** No JSON. */
    public static Answer garbage() {
        return json(502, "<html><title>Bad Gateway</title></html>");
    }

    /** A result of at least so many bytes. */
    public static Answer huge(int bytes) {
        return ok("\"" + "x".repeat(bytes) + "\"");
    }

    /** Done, with the token in the result, and in a header. */
    public static Answer echo() {
        return (exchange, call) -> json(
                        200,
                        "{\"ok\":true,\"result\":{\"url\":\"https://example.com/bot" + call.token() + "/x\"}}",
                        "Location",
                        "/bot" + call.token())
                .to(exchange, call);
    }

    /** Refused, with the token in the description. */
    public static Answer echoRefused(int code) {
        return (exchange, call) -> refused(code, "No such bot: " + call.token()).to(exchange, call);
    }

    /** @param headers names and values in turn */
    public static Answer json(int status, String json, String... headers) {
        return (exchange, call) -> {
            for (var i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            var bytes = json.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
