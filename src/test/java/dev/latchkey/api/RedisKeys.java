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
        var address = URI.create(TestServices.redis());
        try (var socket = new Socket(address.getHost(), address.getPort());
                var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
            var password = address.getUserInfo().substring(1);
            socket.getOutputStream().write(("AUTH " + password + "\r\nEXISTS " + key + "\r\n").getBytes(UTF_8));
            if (!"+OK".equals(answers.readLine())) {
                throw new IllegalStateException("Redis refuses the password");
            }
            return ":1".equals(answers.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
