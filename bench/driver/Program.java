import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server that this benchmark started. */
record Program(Process started, Path log, int port, int managementPort, double startMillis) implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 180_000;

    /** Starts it and returns when it gives its first 200 at the path. */
    static Program start(List<String> command, Map<String, String> settings, Path log, String path)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(settings);
        var port = Integer.parseInt(settings.get("QUARKUS_HTTP_PORT"));
        var management = Integer.parseInt(settings.get("QUARKUS_MANAGEMENT_PORT"));
        var began = System.nanoTime();
        var process = builder.start();
        while (!answers(port, path)) {
            if (!process.isAlive() || millisSince(began) > PATIENCE_MILLIS) {
                process.destroyForcibly();
                throw new Failure("this did not start: " + command + "\n" + Files.readString(log));
            }
            Thread.sleep(5);
        }
        return new Program(process, log, port, management, millisSince(began));
    }

    String base() {
        return "http://127.0.0.1:" + port;
    }

    ProcessHandle process() {
        return started.toHandle();
    }

    double residentMib() {
        return Usage.residentMib(process());
    }

    /**
     * Asks it to end, and returns when it has.
     *
     * @throws Failure if it had no memory left at some time
     */
    @Override
    public void close() throws IOException, InterruptedException {
        started.destroy();
        if (!started.waitFor(40, TimeUnit.SECONDS)) {
            started.destroyForcibly().waitFor();
        }
        try (var lines = Files.lines(log)) {
            lines.filter(line -> line.contains("OutOfMemoryError")).findFirst().ifPresent(line -> {
                throw new Failure("the memory was too small: " + line);
            });
        }
    }

    private static double millisSince(long began) {
        return (System.nanoTime() - began) / 1e6;
    }

    // By hand: an HTTP client of the JDK takes longer to warm up than a native binary to start.
    private static boolean answers(int port, String path) {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return status.endsWith(" 200");
        } catch (IOException e) {
            return false;
        }
    }
}
