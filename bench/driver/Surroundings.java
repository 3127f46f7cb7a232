import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Where and when a run was. */
final class Surroundings {

    private final double busyBefore =
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();

    String markdown(Plan plan) throws Exception {
        var changed = command("git", "status", "--porcelain", "--", ".", ":!bench/results.md");
        return """
                - %s, commit %s%s
                - %d cores (%s), %d GiB of memory, Linux %s; servers and load share them; both servers run with %s
                - load average before the run: %.1f (more than 0.3, and other work took part)
                - Java %s, PostgreSQL %s, %s
                - hot calls are about %,d tokens, with leases about %,d; %d rounds of %d s for each row, in turn

                """.formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        command("git", "rev-parse", "--short", "HEAD"),
                        changed.isEmpty() ? "" : " with changes",
                        Runtime.getRuntime().availableProcessors(),
                        field("/proc/cpuinfo", "model name"),
                        memory(),
                        System.getProperty("os.version"),
                        Machine.HEAP,
                        busyBefore,
                        Runtime.version(),
                        Database.value("show server_version"),
                        command("sh", "-c", "wrk -v 2>&1 | head -1").replaceAll("^(wrk \\S+).*", "$1"),
                        plan.hot(),
                        plan.leased(),
                        plan.rounds(),
                        plan.round().toSeconds());
    }

    private static String field(String file, String name) throws IOException {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        }
    }

    private static long memory() throws IOException {
        return Math.round(Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1048576.0);
    }

    // Outside of a checkout there is no commit.
    private static String command(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes()).strip();
        return process.waitFor() == 0 ? output : "unknown";
    }
}
