import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Answers {@code getMe} in Telegram's place, and keeps when each bot's calls arrived. A program of its own: what the load does must not delay what this one
 * sees. One thread, one call at a time on a connection.
 */
final class TelegramStandIn {

    private static final Pattern CALL =
            Pattern.compile("POST /bot([1-9][0-9]{0,17}):[A-Za-z0-9_-]{35}/getMe HTTP/1\\.1\r\n.*", Pattern.DOTALL);
    private static final Pattern LENGTH =
            Pattern.compile("\r\ncontent-length: *([0-9]+)\r\n", Pattern.CASE_INSENSITIVE);
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final int LONGEST_REQUEST = 1 << 14;

    private static final class Times {
        private long[] all = new long[64];
        private int count;

        private void add(long time) {
            if (count == all.length) {
                all = Arrays.copyOf(all, 2 * count);
            }
            all[count++] = time;
        }

        private String text() {
            return Arrays.stream(all, 0, count).mapToObj(Long::toString).collect(Collectors.joining(" "));
        }
    }

    private final Map<Long, Times> arrivals = new HashMap<>();

    public static void main(String[] arguments) throws IOException {
        var stand = new TelegramStandIn();
        try (var selector = Selector.open();
                var server = ServerSocketChannel.open()) {
            var port = Integer.parseInt(System.getenv("QUARKUS_HTTP_PORT"));
            server.bind(new InetSocketAddress("127.0.0.1", port), 1024);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            while (true) {
                selector.select(key -> stand.serve(selector, key));
            }
        }
    }

    private void serve(Selector selector, SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept(selector, (ServerSocketChannel) key.channel());
            } else {
                read((SocketChannel) key.channel(), (ByteBuffer) key.attachment());
            }
        } catch (IOException e) {
            // Whoever called has gone.
            key.cancel();
        }
    }

    private static void accept(Selector selector, ServerSocketChannel server) throws IOException {
        var channel = server.accept();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(LONGEST_REQUEST));
    }

    private void read(SocketChannel channel, ByteBuffer in) throws IOException {
        if (channel.read(in) <= 0) {
            channel.close();
            return;
        }
        var now = System.nanoTime();
        var request = new String(in.array(), 0, in.position(), ISO_8859_1);
        if (isWhole(request)) {
            in.clear();
            write(channel, answer(request, now));
        }
    }

    private static boolean isWhole(String request) {
        var head = request.indexOf(END_OF_HEAD);
        var length = LENGTH.matcher(request);
        var body = length.find() ? Integer.parseInt(length.group(1)) : 0;
        return head >= 0 && request.length() >= head + END_OF_HEAD.length() + body;
    }

    private String answer(String request, long now) {
        var call = CALL.matcher(request);
        if (call.matches()) {
            var bot = Long.parseLong(call.group(1));
            arrivals.computeIfAbsent(bot, first -> new Times()).add(now);
            return http(
                    "200 OK",
                    "{\"ok\":true,\"result\":{\"id\":%d,\"is_bot\":true,\"first_name\":\"B\",\"username\":\"b%d_bot\"}}"
                            .formatted(bot, bot));
        }
        if (request.startsWith("GET /arrivals ")) {
            return http("200 OK", text());
        }
        if (request.startsWith("DELETE /arrivals ")) {
            arrivals.clear();
            return http("200 OK", "{}");
        }
        return request.startsWith("GET / ")
                ? http("200 OK", "{}")
                : http("404 Not Found", "{\"ok\":false,\"error_code\":404,\"description\":\"Not Found\"}");
    }

    /** A line for each bot: its number, and when its calls arrived, as {@link System#nanoTime} tells. */
    private String text() {
        return arrivals.entrySet().stream()
                .map(bot -> bot.getKey() + " " + bot.getValue().text() + "\n")
                .collect(Collectors.joining());
    }

    private static String http(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + END_OF_HEAD + body;
    }

    private static void write(SocketChannel channel, String answer) throws IOException {
        var out = ByteBuffer.wrap(answer.getBytes(ISO_8859_1));
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }
}
