import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The benchmark. Every yardstick and every guarded call is measured in turn, round after round, so that whatever else the
 * machine does falls on all of them alike. A run whose answers were not all good, or whose events were not all metered, fails.
 */
final class Bench {

    /** Whose credential stands in Authorization. */
    enum Caller {
        /** Nobody's. */
        NOBODY,
        /** The token's that the call is about. */
        HOLDER,
        /** One that asks about all the others. */
        GATEWAY
    }

    /** @param events how many usage events one call makes */
    record Call(String name, Caller caller, int events, String method, String path, String body) {
        boolean ofService() {
            return caller != Caller.NOBODY;
        }
    }

    /** What is measured: to add a call, add a line. In a body, $TOKEN stands for the token, and $BATCH for questions about 100 of them. */
    static final List<Call> CALLS = List.of(
            new Call("bare", Caller.NOBODY, 0, "GET", "/bare", ""),
            new Call("redis", Caller.NOBODY, 0, "GET", "/redis", ""),
            new Call("verify, exact", Caller.GATEWAY, 1, "POST", "/api/v1/verify", "{\"token\":\"$TOKEN\"}"),
            new Call("forward-auth, exact", Caller.HOLDER, 1, "GET", "/api/v1/forward-auth", ""),
            new Call("introspect", Caller.GATEWAY, 0, "POST", "/oauth2/introspect", "token=$TOKEN"),
            new Call(
                    "batch of 100, exact", Caller.GATEWAY, 100, "POST", "/api/v1/verify/batch", "{\"items\":[$BATCH]}"),
            new Call("whoami", Caller.HOLDER, 1, "GET", "/api/v1/tokens/me", ""));

    record Plan(int tokens, List<Integer> connections, int rounds, Duration round, Duration warmUp, int starts) {
        static final Plan FULL =
                new Plan(10_000, List.of(32, 256), 5, Duration.ofSeconds(6), Duration.ofSeconds(20), 5);
        static final Plan QUICK = new Plan(500, List.of(32), 1, Duration.ofSeconds(3), Duration.ofSeconds(5), 1);
    }

    private static final Duration IDLE_AFTER = Duration.ofSeconds(5);

    private final Plan plan;
    private final Machine machine;
    private final Results results;

    private Bench(Plan plan, Machine machine) {
        this.plan = plan;
        this.machine = machine;
        this.results = new Results(plan);
    }

    public static void main(String[] arguments) throws Exception {
        var quick = List.of(arguments).contains("--quick");
        if (arguments.length > (quick ? 1 : 0)) {
            System.err.println("usage: bench/run [--quick]");
            System.exit(2);
        }
        try {
            var bench = new Bench(quick ? Plan.QUICK : Plan.FULL, Machine.prepare());
            bench.run();
            var file = Path.of(quick ? "target/bench-quick.md" : "bench/results.md");
            Files.writeString(file, bench.results.markdown());
            System.out.println("\n" + bench.results.markdown() + "\nWritten to " + file);
        } catch (Failure failure) {
            System.err.println("bench: " + failure.getMessage());
            System.exit(1);
        }
        // Ends what still runs, by the machine's shutdown hook.
        System.exit(0);
    }

    private void run() throws Exception {
        // The first start also makes the tables; its time is another one.
        try (var service = machine.startService(false)) {
            results.migrated(service.startMillis());
            System.out.println("Creating " + plan.tokens() + " tokens");
            Tokens.create(service, plan.tokens(), machine.tokens());
            var whoAmI = service.base() + "/api/v1/tokens/me";
            var token = Files.readAllLines(machine.tokens()).getFirst();
            Files.writeString(machine.sample(), Http.text("GET", whoAmI, token, ""));
        }
        measure("JVM", false);
        if (machine.hasNative()) {
            measure("native", true);
        }
    }

    private void measure(String build, boolean isNative) throws Exception {
        for (var start = 1; start < plan.starts(); start++) {
            try (var service = machine.startService(isNative)) {
                results.started(build, service.startMillis());
            }
        }
        try (var service = machine.startService(isNative);
                var yardstick = machine.startYardstick()) {
            results.started(build, service.startMillis());
            Thread.sleep(IDLE_AFTER);
            results.idle(build, service.residentMib());
            for (var call : CALLS.stream().filter(Call::ofService).toList()) {
                useEachTokenOnce(service, call);
            }
            for (var call : CALLS) {
                System.out.println("Warming up " + call.name() + ", " + build);
                load(build, service, yardstick, call, 32, plan.warmUp());
            }
            for (var connections : plan.connections()) {
                for (var round = 1; round <= plan.rounds(); round++) {
                    for (var call : CALLS) {
                        var outcome = load(build, service, yardstick, call, connections, plan.round());
                        System.out.printf(
                                "%s, %d connections, round %d, %-16s %7.0f/s%n",
                                build, connections, round, call.name(), outcome.rate());
                        results.add(build, connections, call, outcome);
                    }
                }
            }
        }
    }

    // Awaited to the last: every answer is an event, and no other is. And from here on no call is a token's first.
    private void useEachTokenOnce(Program service, Call call) throws Exception {
        System.out.println("Using each token once for " + call.name());
        var metered = Metered.before(service, call);
        metered.awaitAll(Tokens.each(service, call, machine.tokens()).size(), 0);
    }

    private Load.Outcome load(
            String build, Program service, Program yardstick, Call call, int connections, Duration time)
            throws Exception {
        var server = call.ofService() ? service : yardstick;
        var accounts = List.of(server.process(), machine.redis(), machine.postgres());
        var metered = call.ofService() ? Metered.before(service, call) : null;
        var before = accounts.stream().map(Usage::cpuNanos).toList();
        var load = Load.run(server.base(), call, machine.tokens(), connections, time);
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

    /** What makes the figures worthless. */
    static final class Failure extends RuntimeException {
        Failure(String message) {
            super(message, null, false, false);
        }
    }
}
