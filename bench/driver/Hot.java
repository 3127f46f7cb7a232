import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;

/** How many hot calls a second are answered, beside bare ones, round after round. */
final class Hot {

    // Of one core: less than this and compilers rest.
    private static final double COMPILERS_REST = 0.05;
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(3);

    private final Plan plan;
    private final Call call;
    private final Program service;
    private final Program yardstick;
    private final Path credentials;
    private final StringBuilder table = new StringBuilder();

    Hot(Plan plan, Call call, Program service, Program yardstick, Path credentials) {
        this.plan = plan;
        this.call = call;
        this.service = service;
        this.yardstick = yardstick;
        this.credentials = credentials;
    }

    /** @param share of one core that compilers took at the end */
    private record Warm(Duration took, double share) {}

    /** How often it is answered while bare is answered once. */
    double measure() throws Exception {
        warmUp(Call.BARE, yardstick);
        var warm = warmUp(call, service);
        var bare = new ArrayList<Double>();
        var hot = new ArrayList<Double>();
        for (var round = 0; round < plan.rounds(); round++) {
            bare.add(rate(Call.BARE, yardstick));
            hot.add(rate(call, service));
        }
        var ratio = Figures.median(hot) / Figures.median(bare);
        table.append("""

                ## Rates, 32 connections

                | call | requests/s: median (least to most) | of bare |
                |---|---|---|
                """);
        table.append("| bare | %s | 1.00 |%n".formatted(Figures.spread(bare, "%,.0f")));
        table.append("| %s | %s | %.2f |%n".formatted(call.name(), Figures.spread(hot, "%,.0f"), ratio));
        table.append("%n%d s of load before, until compilers of the service took %.0f %% of a core.%n"
                .formatted(warm.took().toSeconds(), 100 * warm.share()));
        return ratio;
    }

    String markdown() {
        return table.toString();
    }

    // Compilers share the cores with what they compile, for longer the slower the machine is.
    private Warm warmUp(Call one, Program server) throws Exception {
        var took = Duration.ZERO;
        double share;
        do {
            var before = Usage.compilerNanos(server.process());
            Load.run(server.base(), one, credentials, Running.CONNECTIONS, plan.warmUp());
            share = (double) (Usage.compilerNanos(server.process()) - before)
                    / plan.warmUp().toNanos();
            took = took.plus(plan.warmUp());
            System.out.printf("Warming up %s: compilers took %.0f %% of a core%n", one.name(), 100 * share);
        } while (share > COMPILERS_REST && took.compareTo(LONGEST_WARM_UP) < 0);
        return new Warm(took, share);
    }

    private double rate(Call one, Program server) throws Exception {
        var load = Load.run(server.base(), one, credentials, Running.CONNECTIONS, plan.round());
        System.out.printf("%-10s %7.0f/s%n", one.name(), load.requests() / load.seconds());
        return load.requests() / load.seconds();
    }
}
