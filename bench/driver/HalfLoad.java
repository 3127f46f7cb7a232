import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Latencies when a server has half of what it can: each call at half of its own median rate, the yardstick too. */
final class HalfLoad {

    private record Outcome(double asked, List<Paced> runs) {

        double millis(double share) {
            return Figures.median(
                    runs.stream().map(run -> run.latencies().millis(share)).toList());
        }
    }

    private static final int MOST_RUNS = 3;
    private static final List<Call> CALLS = List.of(Call.BARE, Call.VERIFY, Call.FORWARD_AUTH);

    private final Plan plan;
    private final Running running;
    private final Map<Call, Outcome> outcomes = new LinkedHashMap<>();

    HalfLoad(Plan plan, Running running) {
        this.plan = plan;
        this.running = running;
    }

    void measure(Rates rates) throws Exception {
        for (var call : CALLS) {
            outcomes.put(call, new Outcome(rates.rate(call, Running.CONNECTIONS) / 2, new ArrayList<>()));
        }
        // The first run only warms the load up.
        for (var run = 0; run <= Math.min(plan.rounds(), MOST_RUNS); run++) {
            for (var call : CALLS) {
                var outcome = outcomes.get(call);
                var paced = running.paced(call, outcome.asked, plan.paced());
                System.out.printf(
                        "%s, half load, run %d, %-12s %7.0f/s, p99 %.2f ms%n",
                        running.setup().name(),
                        run,
                        call.name(),
                        paced.perSecond(),
                        paced.latencies().millis(0.99));
                if (run > 0) {
                    outcome.runs.add(paced);
                }
            }
        }
    }

    /** The 99th percentile of the call, as a multiple of the yardstick's. */
    double p99OfBare(Call call) {
        return outcomes.get(call).millis(0.99) / outcomes.get(Call.BARE).millis(0.99);
    }

    String markdown() {
        var table = new StringBuilder("""

                ## %s, half load, %d connections

                | call | requests/s asked for | kept up | p50 ms | p90 ms | p99 ms | p99.9 ms | p99 of bare |
                |---|---|---|---|---|---|---|---|
                """.formatted(running.setup().name(), Running.CONNECTIONS));
        outcomes.forEach((call, outcome) -> table.append("| %s | %,.0f | %,.0f | %.2f | %.2f | %.2f | %.2f | %.2f |%n"
                .formatted(
                        call.name(),
                        outcome.asked,
                        Figures.median(
                                outcome.runs.stream().map(Paced::perSecond).toList()),
                        outcome.millis(0.5),
                        outcome.millis(0.9),
                        outcome.millis(0.99),
                        outcome.millis(0.999),
                        p99OfBare(call))));
        return table.toString();
    }
}
