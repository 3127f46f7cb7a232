package dev.latchkey.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** PostgreSQL in its own folder, on a loopback port, with passwords (SCRAM). */
final class LocalPostgres implements LocalService {

    private static final String USER = "latchkey";
    private static final String DATABASE = "postgres";
    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 3;
    private static final String STATUS_FILE = "postmaster.pid";
    private static final int STATUS_LINE = 8;

    private final ServiceFolder folder;
    private final Watchdog process;
    private final int port;

    private LocalPostgres(ServiceFolder folder, Watchdog process, int port) {
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    static LocalPostgres start(ServiceFolder folder, LocalPort port) {
        try (var _ = folder.lock()) {
            var programs = Programs.postgres();
            var statusFile = folder.data().resolve(STATUS_FILE);
            folder.awaitFormerRun(statusFile, "postgres");
            // The number in a stale file may be another program's by now; PostgreSQL would take it for its own former
            // run.
            if (RunningProgram.find(statusFile, "").isPresent()) {
                Files.delete(statusFile);
            }
            if (Files.notExists(folder.data())) {
                initialise(folder, programs);
            }
            return startOn(port, folder, programs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE,
                "quarkus.datasource.username",
                USER,
                "quarkus.datasource.password",
                folder.password());
    }

    @Override
    public String greeting() {
        return "PostgreSQL on 127.0.0.1:%d:  PGPASSWORD=\"$(cat %s)\" psql -h 127.0.0.1 -p %d -U %s %s"
                .formatted(port, folder.passwordFile(), port, USER, DATABASE);
    }

    @Override
    public void close() {
        process.close();
    }

    // Made beside its place and moved there whole, so that an interrupted start leaves nothing half made.
    private static void initialise(ServiceFolder folder, Path programs) throws IOException {
        var draft = folder.path().resolve("data.new");
        FileTree.delete(draft);
        folder.password();
        var command = new ArrayList<>(RootUser.leave());
        command.addAll(List.of(programs.resolve("bin/initdb").toString(), "--pgdata=" + draft, "--username=" + USER));
        command.addAll(List.of("--auth=scram-sha-256", "--pwfile=" + folder.passwordFile(), "--encoding=UTF8"));
        command.addAll(List.of("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync"));
        Files.deleteIfExists(folder.log());
        if (Watchdog.over(folder, "TERM", command).await() != 0) {
            throw folder.failed("PostgreSQL");
        }
        Files.move(draft, folder.data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static LocalPostgres startOn(LocalPort port, ServiceFolder folder, Path programs) throws IOException {
        // Between choosing a free port and using it, another program may take it: then once more.
        for (var attempt = 1; ; attempt++) {
            var number = port.choose();
            Files.deleteIfExists(folder.log());
            var before = status(folder);
            var process = Watchdog.over(folder, "INT", command(folder, programs, number));
            if (process.reaches(() -> isReady(status(folder), before), START_WITHIN)) {
                return new LocalPostgres(folder, process, number);
            }
            if (!port.isAny() || attempt == ATTEMPTS) {
                var problem = folder.failed("PostgreSQL");
                process.close();
                throw problem;
            }
        }
    }

    private static List<String> command(ServiceFolder folder, Path programs, int port) {
        var command = new ArrayList<>(RootUser.leave());
        command.addAll(List.of(
                programs.resolve("bin/postgres").toString(), "-D", folder.data().toString()));
        var options = List.of(
                "port=" + port,
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=200",
                "timezone=UTC",
                "log_timezone=UTC",
                // What goes away with the run need not survive a power cut.
                "fsync=" + (folder.kept() ? "on" : "off"));
        options.forEach(option -> command.addAll(List.of("-c", option)));
        return command;
    }

    // The file names the process, its start and its state: one left by a former run stays as it was before.
    private static boolean isReady(List<String> status, List<String> before) {
        return status.size() >= STATUS_LINE
                && status.get(STATUS_LINE - 1).strip().equals("ready")
                && !status.equals(before);
    }

    private static List<String> status(ServiceFolder folder) {
        try {
            return Files.readAllLines(folder.data().resolve(STATUS_FILE));
        } catch (IOException e) {
            return List.of();
        }
    }
}
