package dev.latchkey.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A child process that never outlives this JVM. Between us and it stands a shell that waits on a pipe only we hold: when
 * the JVM ends, in whatever way, the pipe breaks and the shell stops the process, and removes its folder if it was to be
 * temporary. The shell and the process are in a session of their own, out of reach of Ctrl-C and of signals to our process
 * group, so that the service can still use its database while it shuts down.
 */
final class Watchdog implements AutoCloseable {

    private static final String SCRIPT = """
            trap '' INT TERM HUP
            signal=$1 temporary=$2
            shift 2
            exec 3<&0 </dev/null
            "$@" 3<&- &
            service=$!
            (
                read -r _ <&3
                trap '' USR1
                kill -s "$signal" "$service"
                tenths=0
                while kill -0 "$service" && [ "$tenths" -lt 100 ]; do
                    sleep 0.1
                    tenths=$((tenths + 1))
                done
                kill -s KILL "$service"
                if [ -n "$temporary" ]; then
                    rm -rf "$temporary"
                    rmdir "${temporary%/*}"
                fi
            ) 2>/dev/null &
            reader=$!
            wait "$service"
            code=$?
            kill -s USR1 "$reader" 2>/dev/null
            wait "$reader" 2>/dev/null
            exit "$code"
            """;

    // macOS has no setsid, and has perl.
    private static final List<List<String>> NEW_SESSION =
            List.of(List.of("setsid"), List.of("perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV"));

    private static final int SECONDS_TO_STOP = 15;
    private static final int MILLIS_BETWEEN_LOOKS = 20;

    private final Process shell;

    private Watchdog(Process shell) {
        this.shell = shell;
    }

    /** Starts the command; {@code stopSignal}, such as {@code INT}, asks it to stop in good order. */
    static Watchdog over(ServiceFolder folder, String stopSignal, List<String> command) {
        var arguments = new ArrayList<>(List.of("sh", "-c", SCRIPT, "latchkey-watchdog", stopSignal));
        arguments.add(folder.kept() ? "" : folder.path().toString());
        arguments.addAll(command);
        IOException unavailable = null;
        for (var session : NEW_SESSION) {
            try {
                return new Watchdog(start(session, arguments, folder.log()));
            } catch (IOException e) {
                // This machine has no such program: the next one, or the problem below.
                unavailable = e;
            }
        }
        throw new LocalProblem(
                "Latchkey's own PostgreSQL and Redis need setsid or perl to run apart from the terminal, and neither works here ("
                        + unavailable
                        + "). Install util-linux, or name services that run already in QUARKUS_DATASOURCE_JDBC_URL and QUARKUS_REDIS_HOSTS.");
    }

    private static Process start(List<String> session, List<String> arguments, Path log) throws IOException {
        var command = new ArrayList<>(session);
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Whether the condition came true while the process lived, and within the time. */
    boolean reaches(BooleanSupplier condition, Duration within) {
        var deadline = System.nanoTime() + within.toNanos();
        try {
            while (shell.isAlive() && System.nanoTime() < deadline) {
                if (condition.getAsBoolean()) {
                    return true;
                }
                Thread.sleep(MILLIS_BETWEEN_LOOKS);
            }
            return false;
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /** Waits for a process that ends by itself. */
    int await() {
        try {
            return shell.waitFor();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Process " + shell.pid() + " does not stop");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            // The pipe is closed: the shell does the rest without us.
            Thread.currentThread().interrupt();
        }
    }
}
