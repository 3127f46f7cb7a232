import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How many calls a second each server answers when it is asked as often as it can. Every yardstick and every guarded call is measured in
 * turn, round after round, so that whatever else the machine does falls on all of them alike.
 */
final class Rates {

    private record Key(int connections, Call call) {}

    private static final int WARM_UPS_MAX = 10;

    private final Plan plan;
    private final Running running;
    private final Map<Key, List<Load.Outcome>> outcomes = new LinkedHashMap<>();

    Rates(Plan plan, Running running) {
        this.plan = plan;
        this.running = running;
    }

    void measure() throws Exception {
        var calls = running.setup().calls();
        for (var call : calls.stream().filter(Call::ofService).toList()) {
            useEachTokenOnce(call);
        }
        for (var call : calls) {
            warmUp(call);
        }
        for (var connections : plan.connections()) {
            for (var round = 1; round <= plan.rounds(); round++) {
                for (var call : calls) {
                    var outcome = load(call, connections, plan.round());
                    if (outcome.load().requests() == 0) {
                        throw new Failure(call.name() + " was not answered within " + plan.round());
                    }
                    System.out.printf(
                            "%s, %d connections, round %d, %-12s %7.0f/s%n",
                            running.setup().name(), connections, round, call.name(), outcome.rate());
                    outcomes.computeIfAbsent(new Key(connections, call), key -> new ArrayList<>())
                            .add(outcome);
                }
            }
        }
    }

    double rate(Call call, int connections) {
        return median(outcomes.get(new Key(connections, call)), Load.Outcome::rate);
    }

    /** How often the one call is answered while the other is answered once. */
    double ratio(Call call, Call yardstick, int connections) {
        return rate(call, connections) / rate(yardstick, connections);
    }

    String markdown() {
        var page = new StringBuilder();
        plan.connections().forEach(connections -> page.append(table(connections)));
        return page.toString();
    }

    // Awaited to the last: every answer is an event, and no other is. And from here on no call is a token's first.
    private void useEachTokenOnce(Call call) throws Exception {
        System.out.println("Using each token once for " + call.name());
        var metered = Metered.before(running.service(), call);
        var answers = Tokens.each(running.service(), call, running.hot());
        answers.stream()
                .filter(answer -> !answer.startsWith(call.success()))
                .findFirst()
                .ifPresent(answer -> {
                    throw new Failure(call.name() + " answered " + answer);
                });
        metered.awaitAll(answers.size(), 0);
    }

    // A machine that has much else to do may take longer for the first answers than the plan says.
    private void warmUp(Call call) throws Exception {
        var answers = 0L;
        for (var attempt = 0; attempt < WARM_UPS_MAX && answers == 0; attempt++) {
            System.out.println(
                    "Warming up " + call.name() + ", " + running.setup().name());
            answers = load(call, Running.CONNECTIONS, plan.warmUp()).load().requests();
        }
    }

    private Load.Outcome load(Call call, int connections, Duration time) throws Exception {
        var server = running.server(call);
        var machine = running.machine();
        var accounts = List.of(server.process(), machine.redis(), machine.postgres());
        var metered = call.ofService() ? Metered.before(running.service(), call) : null;
        var before = accounts.stream().map(Usage::cpuNanos).toList();
        var load = Load.run(server.base(), call, running.hot(), connections, time);
        var resident = server.residentMib();
        var settled = Duration.ZERO;
        if (metered != null) {
            // What is left to be moved belongs to this call's costs, and not to the next call's time.
            settled = metered.awaitAll(load.requests(), connections);
        }
        var cpu = new ArrayList<Double>();
        for (var i = 0; i < accounts.size(); i++) {
            cpu.add((Usage.cpuNanos(accounts.get(i)) - before.get(i)) / 1000.0 / load.requests());
        }
        return load.with(cpu, resident, settled);
    }

    private String table(int connections) {
        var table = new StringBuilder("""

                ## %s, %d connections

                | call | requests/s: median (least to most) | of bare | of redis | p50 ms | p99 ms | CPU µs a request: server, Redis, PostgreSQL | resident MiB | events settled after |
                |---|---|---|---|---|---|---|---|---|
                """.formatted(running.setup().name(), connections));
        for (var call : running.setup().calls()) {
            var all = outcomes.get(new Key(connections, call));
            table.append("| %s | %s | %.2f | %.2f | %.1f | %.1f | %.0f, %.0f, %.0f | %.0f | %s |%n"
                    .formatted(
                            call.name(),
                            Figures.spread(all.stream().map(Load.Outcome::rate).toList(), "%,.0f"),
                            ratio(call, Call.BARE, connections),
                            ratio(call, Call.REDIS, connections),
                            median(all, outcome -> outcome.load().p50Millis()),
                            median(all, outcome -> outcome.load().p99Millis()),
                            median(all, outcome -> outcome.cpuMicros().get(0)),
                            median(all, outcome -> outcome.cpuMicros().get(1)),
                            median(all, outcome -> outcome.cpuMicros().get(2)),
                            median(all, Load.Outcome::residentMib),
                            call.events() == 0 ? "" : settled(all)));
        }
        return table.toString();
    }

    private static String settled(List<Load.Outcome> all) {
        return "%.1f s".formatted(median(all, outcome -> outcome.settled().toMillis() / 1e3));
    }

    private static double median(List<Load.Outcome> outcomes, ToDoubleFunction<Load.Outcome> figure) {
        return Figures.median(outcomes.stream().mapToDouble(figure).boxed().toList());
    }
}
