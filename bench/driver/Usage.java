import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What processes have used, as Linux tells (proc(5)). */
final class Usage {

    // The kernel's USER_HZ, which is 100 wherever this runs.
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final int UTIME = 11;

    private Usage() {}

    /** CPU time of a process and of all its children, those that ended included. */
    static long cpuNanos(ProcessHandle process) {
        var ended = ticks(process.pid(), 2);
        var living = Stream.concat(Stream.of(process), process.descendants())
                .mapToLong(one -> ticks(one.pid(), 0))
                .sum();
        return (ended + living) * NANOS_PER_TICK;
    }

    /** CPU time of the threads of a JVM that compile; 0 where there are none. */
    static long compilerNanos(ProcessHandle process) {
        try (var threads = Files.list(Path.of("/proc", "" + process.pid(), "task"))) {
            return threads.filter(thread -> text(thread.resolve("comm")).matches("C[12] Compil.*\\R?"))
                            .mapToLong(thread -> ticks(thread.resolve("stat"), 0))
                            .sum()
                    * NANOS_PER_TICK;
        } catch (IOException e) {
            throw new Failure("process " + process.pid() + " is gone");
        }
    }

    static double residentMib(ProcessHandle process) {
        try (var lines = Files.lines(Path.of("/proc", "" + process.pid(), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / 1024.0;
        } catch (IOException e) {
            throw new Failure("process " + process.pid() + " is gone");
        }
    }

    // User and system time; from the second pair on, that of children that ended.
    private static long ticks(long pid, int from) {
        return ticks(Path.of("/proc", "" + pid, "stat"), from);
    }

    private static long ticks(Path stat, int from) {
        var line = text(stat);
        if (line.isEmpty()) {
            // It has ended since: its parent tells its time.
            return 0;
        }
        // The program's name, in brackets, may hold blanks.
        var fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[UTIME + from]) + Long.parseLong(fields[UTIME + from + 1]);
    }

    // Empty if it has ended.
    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
