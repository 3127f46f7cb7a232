import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The benchmark. It runs one part after the other, and writes their page. A run whose answers were not all good, or whose events were not
 * all metered, fails.
 */
final class Bench {

    private static final Duration IDLE_AFTER = Duration.ofSeconds(5);
    // Of each part that is measured alone; without a name, of all others.
    private static final Map<String, String> PAGES = Map.of(
            "", "bench/results.md",
            "--keys", "bench/keys-results.md",
            "--connections", "bench/connections-results.md",
            "--bots", "bench/bots-results.md");
    // Their use warms the service up before its memory is looked at.
    private static final double MORE_THAN_CACHED = 1.05;

    private final Plan plan;
    private final Machine machine;
    private final Surroundings surroundings = new Surroundings();
    private final Targets targets = new Targets();
    private final Starts starts = new Starts();
    private final StringBuilder tables = new StringBuilder();

    private Bench(Plan plan, Machine machine) {
        this.plan = plan;
        this.machine = machine;
    }

    public static void main(String[] arguments) throws Exception {
        var options = new ArrayList<>(List.of(arguments));
        var quick = options.remove("--quick");
        var part = options.isEmpty() ? "" : options.getFirst();
        if (options.size() > 1 || !PAGES.containsKey(part)) {
            System.err.println("usage: bench/run [--quick] [--keys | --connections | --bots] | --jmh");
            System.exit(2);
        }
        try {
            var bench = new Bench(quick ? Plan.QUICK : Plan.FULL, Machine.prepare());
            switch (part) {
                case "--keys" -> bench.runKeys();
                case "--connections" -> bench.runConnections();
                case "--bots" -> bench.runBots();
                default -> bench.run();
            }
            var file = Path.of(quick ? "target/bench-quick.md" : PAGES.get(part));
            Files.writeString(file, bench.markdown());
            System.out.println("\n" + bench.markdown() + "\nWritten to " + file);
        } catch (Failure failure) {
            System.err.println("bench: " + failure.getMessage());
            System.exit(1);
        }
        // Ends what still runs, by the machine's shutdown hook.
        System.exit(0);
    }

    private void run() throws Exception {
        var exact = new Setup("JVM", false, false);
        var mint = firstStart(exact);
        mint.growTo(plan.sizes().getFirst());
        try (var yardstick = machine.startYardstick()) {
            for (var start = 1; start < plan.starts(); start++) {
                try (var service = machine.startService(exact)) {
                    starts.add(exact.build(), service.startMillis());
                }
            }
            measureExact(exact, yardstick, mint);
            measureMemory(exact, yardstick, mint);
            measureLeases(new Setup("JVM", false, true), yardstick);
            targets.add("the whole run is served with " + Machine.HEAP, "no OutOfMemoryError", true);
            if (machine.hasNative()) {
                measureNative(new Setup("native", true, false), yardstick);
                measureNative(new Setup("native", true, true), yardstick);
            }
        }
    }

    private void runKeys() throws Exception {
        var keys = new Keys(plan, machine, targets);
        keys.measure(new Setup("JVM", false, true));
        tables.append(keys.markdown());
    }

    private void runConnections() throws Exception {
        var connections = new Connections(plan, machine, targets);
        connections.measure(new Setup("JVM", false, true));
        tables.append(connections.markdown());
    }

    private void runBots() throws Exception {
        var bots = new Bots(plan, machine, targets);
        bots.measure(new Setup("JVM", false, true));
        tables.append(bots.markdown());
    }

    // It also makes the tables; its time is another one.
    private Mint firstStart(Setup setup) throws Exception {
        try (var service = machine.startService(setup)) {
            starts.migrated(service.startMillis());
            System.out.println("Creating " + plan.hot() + " tokens");
            Tokens.create(service, plan.hot(), hot(setup));
            var texts = Files.readAllLines(hot(setup));
            Files.write(hot(new Setup(setup.build(), false, true)), texts.subList(0, plan.leased()));
            var call = Call.VERIFY;
            Files.writeString(
                    machine.sample(),
                    Http.text(call.method(), service.base() + call.path(), texts.getFirst(), call.body(texts, 0)));
        }
        return Mint.open();
    }

    private void measureExact(Setup setup, Program yardstick, Mint mint) throws Exception {
        try (var service = machine.startService(setup)) {
            var running = new Running(setup, machine, service, yardstick, hot(setup));
            idle(setup, service);
            var rates = rates(running);
            for (var connections : plan.connections()) {
                var of = " of bare, exact, " + connections + " connections";
                targets.atLeast(
                        2.0,
                        "hot verify, as a multiple of redis, exact, " + connections + " connections",
                        rates.ratio(Call.VERIFY, Call.REDIS, connections));
                targets.atLeast(0.45, "hot verify" + of, rates.ratio(Call.VERIFY, Call.BARE, connections));
                targets.atLeast(0.35, "introspect" + of, rates.ratio(Call.INTROSPECT, Call.BARE, connections));
                targets.atLeast(
                        3.0,
                        "verifications/s in batches of 100, as a multiple of single calls, exact, " + connections
                                + " connections",
                        Call.BATCH * rates.ratio(Call.BATCH_OF_100, Call.VERIFY, connections));
            }
            atHalfLoad(running, rates);
            new Memory(plan, running).allocation(targets);
            new Garbage(plan, running).measure(targets);
            var growth = new Growth(plan, running, mint);
            growth.measure();
            growth.judge(targets);
            tables.append(growth.markdown());
        }
    }

    // In a service of its own: what others left in memory would be taken for credentials, or would leave meanwhile.
    private void measureMemory(Setup setup, Program yardstick, Mint mint) throws Exception {
        try (var service = machine.startService(setup)) {
            var running = new Running(setup, machine, service, yardstick, hot(setup));
            new Memory(plan, running).cached(targets, mint.take((int) (plan.cached() * MORE_THAN_CACHED)));
        }
    }

    private void measureLeases(Setup setup, Program yardstick) throws Exception {
        try (var service = machine.startService(setup)) {
            var running = new Running(setup, machine, service, yardstick, hot(setup));
            var rates = rates(running);
            var share = Metered.leased(service);
            for (var connections : plan.connections()) {
                for (var call : List.of(Call.VERIFY, Call.FORWARD_AUTH)) {
                    var measured = rates.ratio(call, Call.BARE, connections);
                    targets.add(
                            "hot %s of bare, leases, %d connections: at least 0.70".formatted(call.name(), connections),
                            "%.2f (%.0f %% of all decisions from leases)".formatted(measured, share * 100),
                            measured >= 0.7 && share > 0.5);
                }
            }
            atHalfLoad(running, rates);
            new Memory(plan, running).allocation(targets);
        }
    }

    private void measureNative(Setup setup, Program yardstick) throws Exception {
        for (var start = 1; start < plan.starts() && !setup.leases(); start++) {
            try (var service = machine.startService(setup)) {
                starts.add(setup.build(), service.startMillis());
            }
        }
        try (var service = machine.startService(setup)) {
            if (!setup.leases()) {
                idle(setup, service);
            }
            rates(new Running(setup, machine, service, yardstick, hot(setup)));
        }
    }

    private Rates rates(Running running) throws Exception {
        var rates = new Rates(plan, running);
        rates.measure();
        tables.append(rates.markdown());
        return rates;
    }

    private void atHalfLoad(Running running, Rates rates) throws Exception {
        var half = new HalfLoad(plan, running);
        half.measure(rates);
        tables.append(half.markdown());
        targets.atMost(
                2,
                "",
                "p99 of hot verify as a multiple of bare's, each at half its rate, "
                        + running.setup().name(),
                half.p99OfBare(Call.VERIFY));
    }

    private void idle(Setup setup, Program service) throws Exception {
        starts.add(setup.build(), service.startMillis());
        Thread.sleep(IDLE_AFTER);
        starts.idle(setup.build(), service.residentMib());
    }

    private Path hot(Setup setup) {
        return machine.file(setup.leases() ? "leased" : "hot");
    }

    private String markdown() throws Exception {
        return "# Results\n\nWritten by `bench/run`; what it measures, and how to read this, is in [README.md](README.md).\n\n"
                + surroundings.markdown(plan) + targets.markdown() + tables + starts.markdown();
    }
}
