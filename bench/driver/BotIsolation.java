import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** What the calls of a quiet bot take while another user's bot storms the same replica. */
final class BotIsolation {

    private static final double PER_SECOND = 10;
    private static final int CONNECTIONS = 8;
    // The governor's queue is full, and there are a third more.
    private static final int STORM = 300;
    private static final int QUEUE = 200;
    // Those that are not in the queue are refused at once: 500 of them a second.
    private static final Duration STORM_GAP = Duration.ofMillis(200);
    private static final Duration UNTIL_FULL = Duration.ofSeconds(3);
    private static final double MOST_MILLIS_OVER = 20;

    private final Plan plan;
    private final Program service;
    private final BotUsers.Owner quiet;
    private final BotUsers.Owner storming;
    private final Latencies alone = new Latencies();
    private final Latencies beside = new Latencies();
    private final List<Double> granted = new ArrayList<>();
    private final List<Double> refused = new ArrayList<>();

    BotIsolation(Plan plan, Program service, BotUsers.Owner quiet, BotUsers.Owner storming) {
        this.plan = plan;
        this.service = service;
        this.quiet = quiet;
        this.storming = storming;
    }

    void measure(Targets targets) throws Exception {
        // What is compiled for refusals only is compiled by then.
        storm(() -> paced(plan.bots().dividedBy(2)));
        granted.clear();
        refused.clear();
        for (var round = 0; round < plan.rounds(); round++) {
            alone.addAll(paced(plan.bots().dividedBy(2)));
            beside.addAll(storm(() -> paced(plan.bots().dividedBy(2))));
            System.out.printf(
                    "p99 of the quiet bot so far: %.2f ms alone, %.2f ms beside a storm%n",
                    alone.millis(0.99), beside.millis(0.99));
        }
        var over = beside.millis(0.99) - alone.millis(0.99);
        targets.add(
                "p99 of a quiet bot's calls beside another user's storm, over that without: less than %.0f ms"
                        .formatted(MOST_MILLIS_OVER),
                "%.2f ms".formatted(over),
                over < MOST_MILLIS_OVER);
    }

    String markdown() {
        return """

                ## A quiet bot beside a storm: %.0f calls a second, of another user's bot as many as can wait (%d) and more

                | | p50 ms | p99 ms |
                |---|---|---|
                | alone | %.2f | %.2f |
                | beside the storm | %.2f | %.2f |
                | as a multiple | %.2f | %.2f |

                The storm: %s calls a second granted, %s refused.
                """.formatted(
                        PER_SECOND,
                        QUEUE,
                        alone.millis(0.5),
                        alone.millis(0.99),
                        beside.millis(0.5),
                        beside.millis(0.99),
                        beside.millis(0.5) / alone.millis(0.5),
                        beside.millis(0.99) / alone.millis(0.99),
                        Figures.spread(granted, "%.0f"),
                        Figures.spread(refused, "%.0f"));
    }

    private Latencies paced(Duration time) throws Exception {
        var requests = Requests.turning(Call.GET_ME, List.of(quiet.token()));
        return Paced.run(service, requests, success(quiet), PER_SECOND, time, CONNECTIONS)
                .latencies();
    }

    private Latencies storm(Callable<Latencies> during) throws Exception {
        var call = Call.GET_ME;
        var caller =
                new Throng.Caller(service, Requests.of(call, "", storming.token(), call.body()), success(storming));
        var time = plan.bots().dividedBy(2).plus(UNTIL_FULL.multipliedBy(2));
        try (var threads = Executors.newSingleThreadExecutor()) {
            var storm = threads.submit(() -> storm(caller, time));
            Thread.sleep(UNTIL_FULL);
            var latencies = during.call();
            if (storm.isDone()) {
                storm.get();
                throw new Failure("the storm was over before the calls beside it");
            }
            storm.get();
            return latencies;
        }
    }

    // Those that wait at its end are granted afterwards.
    private Throng.Outcome storm(Throng.Caller caller, Duration time) throws Exception {
        var began = System.nanoTime();
        var outcome = Throng.run(Collections.nCopies(STORM, caller), STORM_GAP, time);
        granted.add(outcome.granted() * 1e9 / (System.nanoTime() - began));
        refused.add(outcome.refused() * 1e9 / time.toNanos());
        // Had the queue not been full all the time, fewer would have been.
        if (refused.getLast() < 0.5 * (STORM - QUEUE) * 1e9 / STORM_GAP.toNanos()) {
            throw new Failure("the storm was none: " + outcome);
        }
        return outcome;
    }

    private static String success(BotUsers.Owner owner) {
        return "{\"ok\":true,\"result\":{\"id\":" + owner.bot() + ",";
    }
}
