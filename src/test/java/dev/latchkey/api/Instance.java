package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.local.FreePort;
import dev.latchkey.local.TestServices;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the packaged service, jar or native binary, over the PostgreSQL and the Redis of the tests. */
public final class Instance implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Path log;
    private final String base;
    private final String management;

    private Instance(Process process, Path log, String port, String managementPort) {
        this.process = process;
        this.log = log;
        this.base = "http://127.0.0.1:" + port;
        this.management = "http://127.0.0.1:" + managementPort;
    }

    /** Starts a process; {@link #awaitReady} before it is called. */
    public static Instance start(Map<String, String> settings) {
        return start(settings, Map.of());
    }

    /** The same, with more in its environment. */
    public static Instance start(Map<String, String> settings, Map<String, String> environment) {
        try {
            var all = new HashMap<>(TestServices.settings());
            all.put("quarkus.http.host", "127.0.0.1");
            all.put("quarkus.http.port", Integer.toString(FreePort.choose()));
            all.put("quarkus.management.port", Integer.toString(FreePort.choose()));
            all.put("quarkus.management.host", "127.0.0.1");
            // All tests come from one address.
            all.put("latchkey.limits.signatures-per-minute", "1000000000");
            all.putAll(settings);
            var log = Files.createTempFile("latchkey-instance-", ".log");
            var command = command();
            all.forEach((name, value) -> command.add(command.size() - tail(), "-D" + name + "=" + value));
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            return new Instance(process, log, all.get("quarkus.http.port"), all.get("quarkus.management.port"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until it says that it is healthy. */
    public Instance awaitReady() {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                if (get(base + "/health").statusCode() == 200) {
                    return this;
                }
                Thread.sleep(100);
            } catch (IOException e) {
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new IllegalStateException("The instance did not get ready:\n" + log());
    }

    /** Waits until it has ended by itself because it refused to start, and returns what it said. */
    public String awaitRefusal() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("The instance started:\n" + log());
            }
            assertEquals(1, process.exitValue(), log());
            return log();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public String base() {
        return base;
    }

    /** The value of a metric, named as in {@code /q/metrics}, with its tags; 0 if nothing was counted yet. */
    public double metric(String name) {
        try {
            return get(management + "/q/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .sum();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where its metrics are. */
    public String management() {
        return management;
    }

    /** All that it wrote. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        // Version 2 begins with an upgrade, to which an instance under load once never answered.
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isNative() {
        return Boolean.getBoolean("latchkey.test.native");
    }

    private static int tail() {
        return isNative() ? 0 : 2;
    }

    private static List<String> command() {
        if (isNative()) {
            return new ArrayList<>(List.of(System.getProperty("native.image.path")));
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var jar = "target" + File.separator + "quarkus-app" + File.separator + "quarkus-run.jar";
        return new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-jar", jar));
    }
}
