import java.util.ArrayList;
import java.util.List;

/** Hot and cold verifications while PostgreSQL holds ever more tokens. A cold one is about a token that this instance has never seen. */
final class Growth {

    /** @param bare what the yardstick did meanwhile, by which the machine's own moods are taken out of the hot rate */
    private record Step(int size, double bare, double hot, Paced cold) {

        double hotOfBare() {
            return hot / bare;
        }
    }

    static final int COLD_PER_SECOND = 200;

    private final Plan plan;
    private final Running running;
    private final Mint mint;
    private final List<Step> steps = new ArrayList<>();

    Growth(Plan plan, Running running, Mint mint) {
        this.plan = plan;
        this.running = running;
        this.mint = mint;
    }

    void measure() throws Exception {
        running.each(mint.take((int) (plan.round().toSeconds() * COLD_PER_SECOND / 2)), COLD_PER_SECOND);
        for (var size : plan.sizes()) {
            System.out.println("Growing to " + size + " tokens");
            mint.growTo(size);
            var cold = running.each(mint.take((int) plan.cold().toSeconds() * COLD_PER_SECOND), COLD_PER_SECOND);
            var bare = new ArrayList<Double>();
            var hot = new ArrayList<Double>();
            for (var round = 0; round < plan.rounds(); round++) {
                bare.add(saturate(Call.BARE));
                hot.add(saturate(Call.VERIFY));
            }
            var step = new Step(size, Figures.median(bare), Figures.median(hot), cold);
            steps.add(step);
            System.out.printf(
                    "%d tokens: hot %.0f/s, cold p99 %.1f ms%n",
                    size, step.hot, cold.latencies().millis(0.99));
        }
    }

    void judge(Targets targets) {
        var first = steps.getFirst();
        var last = steps.getLast();
        targets.atMost(
                10,
                " ms",
                "p99 of verifying a token never seen, %d/s, %,d tokens stored".formatted(COLD_PER_SECOND, first.size),
                first.cold.latencies().millis(0.99));
        var hot = last.hotOfBare() / first.hotOfBare();
        targets.add(
                "hot rate (of bare) with %,d tokens stored: within 5%% of that with %,d"
                        .formatted(last.size, first.size),
                "%+.1f %%".formatted(hot * 100 - 100),
                Math.abs(hot - 1) <= 0.05);
        var cold = last.cold.latencies().millis(0.5) / first.cold.latencies().millis(0.5);
        targets.add(
                "median of a cold lookup with %,d tokens stored: at most 20%% above that with %,d"
                        .formatted(last.size, first.size),
                "%+.1f %%".formatted(cold * 100 - 100),
                cold <= 1.2);
    }

    String markdown() {
        var table = new StringBuilder("""

                ## %s, ever more tokens, %d connections

                | tokens stored | bare/s | hot verify/s | of bare | cold verify, %d/s: p50 ms | p90 ms | p99 ms |
                |---|---|---|---|---|---|---|
                """.formatted(running.setup().name(), Running.CONNECTIONS, COLD_PER_SECOND));
        steps.forEach(step -> table.append("| %,d | %,.0f | %,.0f | %.3f | %.2f | %.2f | %.2f |%n"
                .formatted(
                        step.size,
                        step.bare,
                        step.hot,
                        step.hotOfBare(),
                        step.cold.latencies().millis(0.5),
                        step.cold.latencies().millis(0.9),
                        step.cold.latencies().millis(0.99))));
        return table.toString();
    }

    private double saturate(Call call) throws Exception {
        var metered = call.ofService() ? Metered.before(running.service(), call) : null;
        var load = Load.run(running.server(call).base(), call, running.hot(), Running.CONNECTIONS, plan.round());
        if (metered != null) {
            metered.awaitAll(load.requests(), Running.CONNECTIONS);
        }
        return load.requests() / load.seconds();
    }
}
