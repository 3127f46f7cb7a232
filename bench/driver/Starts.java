import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long the service takes to start, and what it holds when it has nothing to do. */
final class Starts {

    private static final class Build {
        private final List<Double> millis = new ArrayList<>();
        private double idleMib;
    }

    private final Map<String, Build> builds = new LinkedHashMap<>();
    private double migratedMillis;

    /** The first start, which makes the tables too. */
    void migrated(double millis) {
        migratedMillis = millis;
    }

    void add(String build, double millis) {
        builds.computeIfAbsent(build, name -> new Build()).millis.add(millis);
    }

    void idle(String build, double mib) {
        builds.computeIfAbsent(build, name -> new Build()).idleMib = mib;
    }

    String markdown() {
        if (builds.isEmpty()) {
            return "";
        }
        var page = new StringBuilder(
                "\n## Start and memory\n\n| | start to first 200, ms: median (least to most) | resident when idle, MiB |\n|---|---|---|\n");
        builds.forEach((name, build) -> page.append(
                "| %s | %s | %.0f |%n".formatted(name, Figures.spread(build.millis, "%.0f"), build.idleMib)));
        page.append("\nThe first start, which makes the tables too, took %.0f ms (JVM).%n".formatted(migratedMillis));
        return page.toString();
    }
}
