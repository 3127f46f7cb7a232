import dev.latchkey.local.LocalStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The services that a run needs, in a temporary folder; when this JVM ends, in whatever way but kill -9, all of it goes. */
final class Machine {

    private static final List<String> HANDED_OVER = List.of(
            "quarkus.datasource.jdbc.url",
            "quarkus.datasource.username",
            "quarkus.datasource.password",
            "quarkus.redis.hosts",
            "latchkey.keyset");
    static final String HEAP = "-Xmx256m";
    // What a JVM takes by itself in a container of that size.
    private static final String COLLECTOR = "-XX:+UseSerialGC";
    static final String ADMIN_PASSWORD = "only-for-this-benchmark";

    private final Path folder;

    private Machine(Path folder) {
        this.folder = folder;
    }

    /** Starts PostgreSQL and Redis just as the packaged service does when nothing is configured. */
    static Machine prepare() throws IOException {
        var machine = new Machine(Files.createTempDirectory("latchkey-bench-"));
        Runtime.getRuntime().addShutdownHook(new Thread(machine::leaveNothing));
        System.setProperty("latchkey.data-dir", machine.folder.toString());
        // Its own, and not ones that this shell happens to know.
        HANDED_OVER.forEach(name -> System.setProperty(name, ""));
        LocalStart.startWhatIsMissing();
        return machine;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Path sample() {
        return folder.resolve("sample.json");
    }

    boolean hasNative() {
        return !System.getProperty("bench.native", "").isEmpty();
    }

    Program startService(Setup setup) throws IOException, InterruptedException {
        return startService(setup, "service", Map.of());
    }

    /**
     * @param log its name: another for each of those that run at once
     * @param more settings by their environment names
     */
    Program startService(Setup setup, String log, Map<String, String> more) throws IOException, InterruptedException {
        var settings = new HashMap<>(more);
        HANDED_OVER.forEach(name -> settings.put(variable(name), System.getProperty(name)));
        settings.put("LATCHKEY_LOCAL_SERVICES", "never");
        settings.put("LATCHKEY_ADMIN_USERNAME", "admin");
        settings.put("LATCHKEY_ADMIN_EMAIL", "admin@example.test");
        settings.put("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD);
        // One session creates all tokens.
        settings.put("LATCHKEY_LIMITS_SESSION_PER_MINUTE", "1000000");
        settings.put("LATCHKEY_LIMITS_SESSION_PER_HOUR", "1000000");
        settings.put("LATCHKEY_LIMITS_SESSION_PER_DAY", "1000000");
        // All keys are seen for the first time by one address.
        settings.put("LATCHKEY_LIMITS_SIGNATURES_PER_MINUTE", "1000000");
        // A noisy machine must not turn an exact decision into a local one, which would fail the run.
        settings.put("LATCHKEY_LIMITS_TIMEOUT", "10s");
        settings.put("LATCHKEY_REDIS_TIMEOUT", "10s");
        settings.put("LATCHKEY_LEASES_ENABLED", Boolean.toString(setup.leases()));
        if (setup.leases()) {
            settings.put("LATCHKEY_JOURNAL_DIRECTORY", folder.resolve("journal").toString());
        }
        var command =
                setup.isNative() ? List.of(System.getProperty("bench.native"), HEAP) : java("target", HEAP, COLLECTOR);
        return start(log, command, settings, "/health");
    }

    /** What is called in Telegram's place. */
    Program startStandIn() throws IOException, InterruptedException {
        // Ahead of all others: Telegram does not wait for the cores of this machine. Without the right to that, nice
        // says so and goes on.
        var command = List.of("nice", "-n", "-10", java(), "-Xmx128m", COLLECTOR, "bench/driver/TelegramStandIn.java");
        return start("stand-in", command, new HashMap<>(), "/");
    }

    Program startYardstick() throws IOException, InterruptedException {
        var settings = new HashMap<String, String>();
        settings.put("QUARKUS_REDIS_HOSTS", System.getProperty("quarkus.redis.hosts"));
        settings.put("YARDSTICK_SAMPLE", sample().toString());
        return start("yardstick", java("bench/yardstick/target", HEAP, COLLECTOR), settings, "/redis");
    }

    ProcessHandle redis() {
        return server("redis-server").orElseThrow(() -> new Failure("Redis has ended"));
    }

    ProcessHandle postgres() {
        return server("postgres").orElseThrow(() -> new Failure("PostgreSQL has ended"));
    }

    private Program start(String name, List<String> command, Map<String, String> settings, String path)
            throws IOException, InterruptedException {
        settings.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        settings.put("QUARKUS_HTTP_PORT", freePort());
        settings.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        settings.put("QUARKUS_MANAGEMENT_PORT", freePort());
        return Program.start(command, settings, folder.resolve(name + ".log"), path);
    }

    private static List<String> java(String target, String... options) {
        var jar = Path.of(target, "quarkus-app", "quarkus-run.jar").toString();
        return Stream.of(Stream.of(java()), Stream.of(options), Stream.of("-jar", jar))
                .flatMap(part -> part)
                .toList();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String variable(String property) {
        return property.toUpperCase().replaceAll("[^A-Z0-9]", "_");
    }

    private static String freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    // Before its own children: PostgreSQL's have the same name.
    private static Optional<ProcessHandle> server(String program) {
        return children()
                .filter(process -> process.info().command().orElse("").endsWith("/" + program))
                .filter(process -> !process.parent()
                        .flatMap(parent -> parent.info().command())
                        .orElse("")
                        .endsWith("/" + program))
                .findFirst();
    }

    private static Stream<ProcessHandle> children() {
        return ProcessHandle.current().descendants();
    }

    private void leaveNothing() {
        var servers = Stream.of("redis-server", "postgres")
                .flatMap(name -> server(name).stream())
                .toList();
        var others = ProcessHandle.current()
                .children()
                .filter(child -> child.descendants().noneMatch(servers::contains))
                .toList();
        others.forEach(ProcessHandle::destroy);
        others.forEach(Machine::await);
        servers.forEach(Machine::interrupt);
        children().toList().forEach(Machine::await);
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("bench: " + folder + " cannot be removed: " + e);
        }
    }

    // PostgreSQL ends at once at this signal; at the usual one it waits for its clients, of which we may be one.
    private static void interrupt(ProcessHandle server) {
        try {
            new ProcessBuilder("kill", "-s", "INT", "" + server.pid()).start().waitFor();
        } catch (IOException | InterruptedException e) {
            server.destroyForcibly();
        }
    }

    private static void await(ProcessHandle process) {
        try {
            process.onExit().get(40, TimeUnit.SECONDS);
        } catch (Exception e) {
            process.destroyForcibly();
        }
    }
}
