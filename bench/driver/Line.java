import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A connection that is kept, with one call at a time. It makes no garbage: the load shares its cores with what it measures. */
final class Line {

    private static final byte[] OK = "HTTP/1.1 20".getBytes(ISO_8859_1);
    private static final byte[] TOO_MANY = "HTTP/1.1 429".getBytes(ISO_8859_1);
    private static final byte[] LENGTH = "content-length:".getBytes(ISO_8859_1);

    private final SocketChannel channel;
    private final byte[] success;
    private final String refusal;
    private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 16);
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);
    private int bodyBegins;
    private long bodyLength;
    private long due;
    private boolean isRefused;

    private Line(SocketChannel channel, byte[] success, String refusal) {
        this.channel = channel;
        this.success = success;
        this.refusal = refusal;
    }

    /** @param success how the body of each good answer begins */
    static Line open(int port, String success, Selector selector) throws IOException {
        return open(port, success, "", selector);
    }

    /** @param refusal a 429 that has this text is good as well; empty: none is */
    static Line open(int port, String success, String refusal, Selector selector) throws IOException {
        var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        var line = new Line(channel, success.getBytes(ISO_8859_1), refusal);
        channel.register(selector, SelectionKey.OP_READ, line);
        return line;
    }

    /** @param due when the request should have left, of the nanoseconds that {@link System#nanoTime} tells */
    void send(byte[] request, long due) throws IOException {
        this.due = due;
        in.clear();
        bodyBegins = 0;
        out.clear().put(request).flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /** Its next request is due then. */
    void dueAt(long due) {
        this.due = due;
    }

    long due() {
        return due;
    }

    /**
     * Reads what has come; true if the answer is whole.
     *
     * @throws Failure if it is no good one
     */
    boolean isAnswered() throws IOException {
        if (channel.read(in) < 0) {
            throw new Failure("the server closed a connection");
        }
        if (bodyBegins == 0) {
            readHead();
        }
        if (bodyBegins == 0 || in.position() < bodyBegins + bodyLength) {
            return false;
        }
        isRefused = !refusal.isEmpty() && beginsAt(0, TOO_MANY) && text().contains(refusal);
        if (!isRefused && (!beginsAt(0, OK) || bodyLength < success.length || !beginsAt(bodyBegins, success))) {
            throw new Failure("an answer was no success:\n" + text());
        }
        return true;
    }

    /** Whether the last answer was the refusal. */
    boolean isRefused() {
        return isRefused;
    }

    private String text() {
        var text = new byte[in.position()];
        in.get(0, text);
        return new String(text, ISO_8859_1);
    }

    private void readHead() {
        bodyLength = -1;
        for (var i = 0; i + 3 < in.position(); i++) {
            if (in.get(i) != '\r') {
                continue;
            }
            if (in.get(i + 2) == '\r') {
                bodyBegins = i + 4;
                break;
            }
            if (beginsAt(i + 2, LENGTH)) {
                bodyLength = number(i + 2 + LENGTH.length);
            }
        }
        if (bodyBegins > 0 && bodyLength < 0) {
            throw new Failure("an answer did not tell its length");
        }
    }

    private long number(int from) {
        var number = 0L;
        for (var i = from; in.get(i) != '\r'; i++) {
            if (in.get(i) != ' ') {
                number = number * 10 + in.get(i) - '0';
            }
        }
        return number;
    }

    private boolean beginsAt(int from, byte[] text) {
        if (in.position() < from + text.length) {
            return false;
        }
        for (var i = 0; i < text.length; i++) {
            var here = in.get(from + i);
            if ((here >= 'A' && here <= 'Z' && text[i] >= 'a' ? here + 32 : here) != text[i]) {
                return false;
            }
        }
        return true;
    }
}
