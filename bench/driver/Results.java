import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of a run, and their page. */
final class Results {

    private record Key(String build, int connections, String call) {}

    private static final class Build {
        private final List<Double> starts = new ArrayList<>();
        private double idleMib;
    }

    private final Bench.Plan plan;
    private final double busyBefore =
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    private final Map<Key, List<Load.Outcome>> outcomes = new LinkedHashMap<>();
    private final Map<String, Build> builds = new LinkedHashMap<>();
    private double migratedMillis;

    Results(Bench.Plan plan) {
        this.plan = plan;
    }

    void migrated(double millis) {
        migratedMillis = millis;
    }

    void started(String build, double millis) {
        builds.computeIfAbsent(build, name -> new Build()).starts.add(millis);
    }

    void idle(String build, double mib) {
        builds.computeIfAbsent(build, name -> new Build()).idleMib = mib;
    }

    void add(String build, int connections, Bench.Call call, Load.Outcome outcome) {
        outcomes.computeIfAbsent(new Key(build, connections, call.name()), key -> new ArrayList<>())
                .add(outcome);
    }

    String markdown() throws Exception {
        var page = new StringBuilder(
                "# Results\n\nWritten by `bench/run`; what it measures, and how to read this, is in [README.md](README.md).\n\n");
        page.append(surroundings());
        builds.keySet()
                .forEach(build -> plan.connections().forEach(connections -> page.append(table(build, connections))));
        page.append(
                "\n## Start and memory\n\n| | start to first 200, ms: median (least to most) | resident when idle, MiB |\n|---|---|---|\n");
        builds.forEach((name, build) ->
                page.append("| %s | %s | %.0f |%n".formatted(name, spread(build.starts, "%.0f"), build.idleMib)));
        page.append("\nThe first start, which makes the tables too, took %.0f ms (JVM).%n".formatted(migratedMillis));
        return page.toString();
    }

    private String surroundings() throws Exception {
        var changed = command("git", "status", "--porcelain", "--", ".", ":!bench/results.md");
        return """
                - %s, commit %s%s
                - %d cores (%s), %d GiB of memory, Linux %s; servers and load share them
                - load average before the run: %.1f (more than 0.3, and other work took part)
                - Java %s, %s, %s
                - %,d tokens, %d rounds of %d s for each row, in turn

                """.formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        command("git", "rev-parse", "--short", "HEAD"),
                        changed.isEmpty() ? "" : " with changes",
                        Runtime.getRuntime().availableProcessors(),
                        field("/proc/cpuinfo", "model name"),
                        memory(),
                        System.getProperty("os.version"),
                        busyBefore,
                        Runtime.version(),
                        "PostgreSQL " + Metered.postgresVersion(),
                        command("sh", "-c", "wrk -v 2>&1 | head -1").replaceAll("^(wrk \\S+).*", "$1"),
                        plan.tokens(),
                        plan.rounds(),
                        plan.round().toSeconds());
    }

    private String table(String build, int connections) {
        var table = new StringBuilder("""

                ## %s, %d connections

                | call | requests/s: median (least to most) | of bare | of redis | p50 ms | p99 ms | CPU µs a request: server, Redis, PostgreSQL | resident MiB | events settled after |
                |---|---|---|---|---|---|---|---|---|
                """.formatted(build, connections));
        for (var call : Bench.CALLS) {
            var all = outcomes.get(new Key(build, connections, call.name()));
            table.append("| %s | %s | %s | %s | %.1f | %.1f | %.0f, %.0f, %.0f | %.0f | %s |%n"
                    .formatted(
                            call.name(),
                            spread(all.stream().map(Load.Outcome::rate).toList(), "%,.0f"),
                            ratio(all, new Key(build, connections, "bare")),
                            ratio(all, new Key(build, connections, "redis")),
                            median(all, outcome -> outcome.load().p50Millis()),
                            median(all, outcome -> outcome.load().p99Millis()),
                            median(all, outcome -> outcome.cpuMicros().get(0)),
                            median(all, outcome -> outcome.cpuMicros().get(1)),
                            median(all, outcome -> outcome.cpuMicros().get(2)),
                            median(all, Load.Outcome::residentMib),
                            call.events() == 0
                                    ? ""
                                    : "%.1f s"
                                            .formatted(median(
                                                    all,
                                                    outcome -> outcome.settled().toMillis() / 1e3))));
        }
        return table.toString();
    }

    private String ratio(List<Load.Outcome> all, Key yardstick) {
        return "%.2f".formatted(median(all, Load.Outcome::rate) / median(outcomes.get(yardstick), Load.Outcome::rate));
    }

    private static double median(List<Load.Outcome> outcomes, ToDoubleFunction<Load.Outcome> figure) {
        return median(outcomes.stream().mapToDouble(figure).boxed().toList());
    }

    private static double median(List<Double> figures) {
        var sorted = figures.stream().sorted().toList();
        var middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String spread(List<Double> figures, String format) {
        var sorted = figures.stream().sorted().toList();
        return (format + " (" + format + " to " + format + ")")
                .formatted(median(sorted), sorted.getFirst(), sorted.getLast());
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
