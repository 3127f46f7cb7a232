package dev.latchkey.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** Sends bytes that no HTTP client would, and reads what comes back. */
final class RawHttp {

    private static final int PATIENCE_MILLIS = 10_000;

    private RawHttp() {}

    /** The answer as it came, with its head, up to the end of its body or of the connection. */
    static String exchange(String request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            send(socket, request);
            return receive(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A chunk of chunked transfer coding. */
    static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private static void send(Socket socket, String request) throws IOException {
        try {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
        } catch (SocketException e) {
            // The service had heard enough, and closed: its answer is there to be read.
        }
    }

    private static String receive(Socket socket) throws IOException {
        var answer = new ByteArrayOutputStream();
        try {
            var buffer = new byte[8192];
            for (var read = socket.getInputStream().read(buffer);
                    read >= 0;
                    read = socket.getInputStream().read(buffer)) {
                answer.write(buffer, 0, read);
                if (isWhole(answer.toString(ISO_8859_1))) {
                    break;
                }
            }
        } catch (SocketTimeoutException | SocketException e) {
            // What came so far is the answer.
        }
        return answer.toString(ISO_8859_1);
    }

    private static boolean isWhole(String answer) {
        var head = answer.indexOf("\r\n\r\n");
        if (head < 0) {
            return false;
        }
        var length = answer.substring(0, head)
                .lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                .map(line -> line.substring("content-length:".length()).strip())
                .findFirst();
        return length.isPresent() && answer.length() - head - 4 >= Integer.parseInt(length.get());
    }
}
