package dev.latchkey.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.local.TestServices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;

/** What operators see in Redis. */
final class RedisKeys {

    private RedisKeys() {}

    static boolean exists(String key) {
        return ":1".equals(lastAnswer("EXISTS " + key));
    }

    /** Removes all that the database with this number has. */
    static void removeAll(int database) {
        var answer = lastAnswer("SELECT " + database, "FLUSHDB");
        if (!"+OK".equals(answer)) {
            throw new IllegalStateException("Database " + database + " of Redis is not emptied: " + answer);
        }
    }

    private static String lastAnswer(String... commands) {
        var address = URI.create(TestServices.redis());
        try (var socket = new Socket(address.getHost(), address.getPort());
                var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
            var password = address.getUserInfo().substring(1);
            var answer = answer(socket, answers, "AUTH " + password);
            if (!"+OK".equals(answer)) {
                throw new IllegalStateException("Redis refuses the password");
            }
            for (var command : commands) {
                answer = answer(socket, answers, command);
                if (answer.startsWith("-")) {
                    return answer;
                }
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answer(Socket socket, BufferedReader answers, String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(UTF_8));
        return String.valueOf(answers.readLine());
    }
}
