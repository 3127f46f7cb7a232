package dev.latchkey.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Services of our own that are up. Should the JVM end without {@link #close}, they end with it all the same. */
public final class LocalServices implements AutoCloseable {

    private static final int ANY_PORT = 0;

    private final List<LocalService> running;

    private LocalServices(List<LocalService> running) {
        this.running = running;
    }

    /**
     * A fresh PostgreSQL and a fresh Redis, whose data is removed when they stop.
     *
     * @throws LocalProblem if one does not start
     */
    public static LocalServices temporary() {
        try {
            var root = Files.createTempDirectory("latchkey-");
            return start(List.of(
                    () -> LocalPostgres.start(
                            ServiceFolder.open(root.resolve("postgres"), false),
                            new LocalPort("PostgreSQL", "", ANY_PORT)),
                    () -> LocalRedis.start(
                            ServiceFolder.open(root.resolve("redis"), false), new LocalPort("Redis", "", ANY_PORT))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts all at the same time. If one fails, none is left running. */
    static LocalServices start(List<Supplier<LocalService>> services) {
        var running = new ArrayList<LocalService>();
        var problems = new ArrayList<RuntimeException>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var starts = services.stream()
                    .map(service -> CompletableFuture.supplyAsync(service, threads))
                    .toList();
            for (var start : starts) {
                try {
                    running.add(start.join());
                } catch (CompletionException e) {
                    problems.add(e.getCause() instanceof RuntimeException cause ? cause : e);
                }
            }
        }
        var all = new LocalServices(running);
        if (!problems.isEmpty()) {
            all.close();
            throw problems.getFirst();
        }
        return all;
    }

    /** Quarkus' settings that lead to these services. */
    public Map<String, String> settings() {
        var settings = new HashMap<String, String>();
        running.forEach(service -> settings.putAll(service.settings()));
        return Map.copyOf(settings);
    }

    /** One line for each service: where it listens, and the command that opens it. */
    List<String> greetings() {
        return running.stream().map(LocalService::greeting).toList();
    }

    /** Stops them in good order, and returns when they are gone. */
    @Override
    public void close() {
        running.forEach(LocalService::close);
    }
}
