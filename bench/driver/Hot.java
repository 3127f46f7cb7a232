import java.nio.file.Path;
import java.util.ArrayList;

/** How many hot calls a second are answered, beside bare ones, round after round. */
final class Hot {

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
        table.append(warm.markdown("the service"));
        return ratio;
    }

    String markdown() {
        return table.toString();
    }

    private WarmUp warmUp(Call one, Program server) throws Exception {
        return WarmUp.of(
                server,
                one.name(),
                () -> Load.run(server.base(), one, credentials, Running.CONNECTIONS, plan.warmUp()));
    }

    private double rate(Call one, Program server) throws Exception {
        var load = Load.run(server.base(), one, credentials, Running.CONNECTIONS, plan.round());
        System.out.printf("%-10s %7.0f/s%n", one.name(), load.requests() / load.seconds());
        return load.requests() / load.seconds();
    }
}
