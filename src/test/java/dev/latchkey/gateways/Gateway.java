package dev.latchkey.gateways;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.local.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gateway of other people, installed on this machine, with a configuration of our guides. */
final class Gateway implements AutoCloseable {

    private static final Path GUIDES = Path.of("docs", "gateways");
    private static final int PATIENCE_SECONDS = 30;

    /** The programs that are known here, by the name of their package in Debian. */
    enum Program {
        NGINX("nginx", "nginx.conf"),
        CADDY("caddy", "Caddyfile");

        private final String command;
        private final String configuration;

        Program(String command, String configuration) {
            this.command = command;
            this.configuration = configuration;
        }

        private List<String> commandLine(Path folder) {
            var file = folder.resolve(configuration).toString();
            return switch (this) {
                case NGINX ->
                    List.of(
                            command,
                            "-p",
                            folder.toString(),
                            "-c",
                            file,
                            "-e",
                            "stderr",
                            "-g",
                            "daemon off; pid " + folder + "/pid; error_log stderr warn;");
                case CADDY -> List.of(command, "run", "--adapter", "caddyfile", "--config", file);
            };
        }

        /** Where it writes by itself: not into the folders of the machine's own. */
        private String ofItsOwn(String configuration, Path folder) {
            return switch (this) {
                case NGINX ->
                    configuration.replaceFirst(
                            "http \\{",
                            "http {\naccess_log off;\n"
                                    + List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                                            .map(name -> name + "_temp_path " + folder + "/" + name + ";\n")
                                            .reduce("", String::concat));
                case CADDY -> configuration.replaceFirst("(?m)^\\{$", "{\n\tadmin off");
            };
        }
    }

    private final Process process;
    private final Path folder;
    private final int port;

    private Gateway(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts it with the file of the guide, in which only addresses and the tenant are others. Skips the test, and says so, where the
     * program is not installed.
     */
    static Gateway start(Program program, int latchkey, int application, String tenant) {
        assumeTrue(
                isInstalled(program.command),
                "Not run: the program is missing, which is in Debian's package " + program.command);
        try {
            var folder = Files.createTempDirectory("latchkey-gateway-");
            // Started by root, nginx works as somebody else.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            var port = FreePort.choose();
            var guide = Files.readString(GUIDES.resolve(program.configuration));
            var places = Map.of(
                    "127.0.0.1:8080", "127.0.0.1:" + latchkey,
                    "127.0.0.1:3000", "127.0.0.1:" + application,
                    "listen 80;", "listen 127.0.0.1:" + port + ";",
                    "http://api.example.com {", "http://127.0.0.1:" + port + " {",
                    "00000000-0000-0000-0000-000000000000", tenant);
            for (var place : places.entrySet()) {
                guide = guide.replace(place.getKey(), place.getValue());
            }
            Files.writeString(folder.resolve(program.configuration), program.ofItsOwn(guide, folder));
            var builder = new ProcessBuilder(program.commandLine(folder))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
            builder.environment().put("HOME", folder.toString());
            return new Gateway(builder.start(), folder, port).awaitReady();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String base() {
        return "http://127.0.0.1:" + port;
    }

    /** All that it said. */
    String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Gateway awaitReady() {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            try (var socket = new Socket("127.0.0.1", port)) {
                return this;
            } catch (IOException e) {
                pause();
            }
        }
        close();
        throw new IllegalStateException("The gateway did not start:\n" + log());
    }

    private static boolean isInstalled(String command) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
