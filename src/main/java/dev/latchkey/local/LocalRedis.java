package dev.latchkey.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Redis in its own folder, on a loopback port, with a password; it writes every change to its append-only file. */
final class LocalRedis implements LocalService {

    private static final Duration START_WITHIN = Duration.ofSeconds(30);
    private static final int ANSWER_WITHIN_MILLIS = 1000;
    private static final int ATTEMPTS = 3;
    private static final String PID_FILE = "redis.pid";

    private final ServiceFolder folder;
    private final Watchdog process;
    private final int port;

    private LocalRedis(ServiceFolder folder, Watchdog process, int port) {
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    static LocalRedis start(ServiceFolder folder, LocalPort port) {
        try (var _ = folder.lock()) {
            var program = Programs.redis();
            folder.awaitFormerRun(folder.data().resolve(PID_FILE), "redis-server");
            Files.createDirectories(folder.data());
            return startOn(port, folder, program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("quarkus.redis.hosts", "redis://:" + folder.password() + "@127.0.0.1:" + port);
    }

    @Override
    public String greeting() {
        return "Redis on 127.0.0.1:%d:  REDISCLI_AUTH=\"$(cat %s)\" redis-cli -p %d"
                .formatted(port, folder.passwordFile(), port);
    }

    @Override
    public void close() {
        process.close();
    }

    private static LocalRedis startOn(LocalPort port, ServiceFolder folder, Path program) throws IOException {
        // Between choosing a free port and using it, another program may take it: then once more.
        for (var attempt = 1; ; attempt++) {
            var number = port.choose();
            Files.deleteIfExists(folder.log());
            var process = Watchdog.over(folder, "TERM", List.of(program.toString(), configuration(folder, number)));
            if (process.reaches(() -> answers(number, folder.password()), START_WITHIN)) {
                return new LocalRedis(folder, process, number);
            }
            if (!port.isAny() || attempt == ATTEMPTS) {
                var problem = folder.failed("Redis");
                process.close();
                throw problem;
            }
        }
    }

    // In a file and not on the command line, where every user of the machine could read the password.
    private static String configuration(ServiceFolder folder, int port) throws IOException {
        var file = folder.path().resolve("redis.conf");
        OwnerFile.write(file, """
                bind 127.0.0.1
                port %d
                requirepass %s
                dir "%s"
                pidfile "%s"
                appendonly yes
                save ""
                """.formatted(
                        port,
                        folder.password(),
                        quoted(folder.data()),
                        quoted(folder.data().resolve(PID_FILE))));
        return file.toString();
    }

    private static String quoted(Path path) {
        return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static boolean answers(int port, String password) {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
            socket.getOutputStream().write(("AUTH " + password + "\r\nPING\r\n").getBytes(US_ASCII));
            var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            // While it still reads its file it answers "-LOADING".
            return "+OK".equals(answers.readLine()) && "+PONG".equals(answers.readLine());
        } catch (IOException e) {
            return false;
        }
    }
}
