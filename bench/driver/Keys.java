import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** JWT API keys: validating hot ones, the first sight of one, making them. */
final class Keys {

    // A role without a limit: what is refused costs something else.
    private static final String NEW = "{\"name\":\"bench\",\"key_type\":\"admin\"}";
    private static final String MADE = "{\"api_key\":";
    private static final int AT_A_TIME = 8;
    // What the service does besides, each second, weighs less among many.
    private static final double FIRST_SIGHTS_PER_SECOND = 500;
    // A JVM needs thousands of calls until all of a long way is compiled.
    private static final int WARM_UP = 12;

    private final Plan plan;
    private final Machine machine;
    private final Targets targets;
    private String table = "";

    Keys(Plan plan, Machine machine, Targets targets) {
        this.plan = plan;
        this.machine = machine;
        this.targets = targets;
    }

    void measure(Setup setup) throws Exception {
        var seen = machine.file("keys");
        var unseen = new ArrayList<String>();
        try (var service = machine.startService(setup)) {
            var session = Tokens.session(service);
            Files.write(seen, make(service, session, plan.leased()));
            unseen.addAll(make(service, session, (WARM_UP + 2) * plan.hot()));
            Files.writeString(
                    machine.sample(),
                    Http.text(
                            "GET",
                            service.base() + Call.VALIDATE.path(),
                            Files.readAllLines(seen).getFirst(),
                            ""));
            registration(service, session);
        }
        // One that has seen none of them.
        try (var yardstick = machine.startYardstick();
                var service = machine.startService(setup)) {
            hot(service, yardstick, seen);
            firstSight(service, unseen);
        }
    }

    String markdown() {
        return table;
    }

    private void registration(Program service, String session) throws Exception {
        var call = Call.REGISTER;
        Requests requests = number -> Requests.of(call, "", session, NEW);
        Paced.asFastAsItGoes(service, requests, MADE, plan.hot(), Running.CONNECTIONS);
        var paced = Paced.asFastAsItGoes(service, requests, MADE, 3L * plan.hot(), Running.CONNECTIONS);
        targets.atLeast(300, "keys registered a second, by one administrator", paced.perSecond());
    }

    private void hot(Program service, Program yardstick, Path keys) throws Exception {
        var hot = new Hot(plan, Call.VALIDATE, service, yardstick, keys);
        targets.atLeast(0.60, "validate of a hot key of bare, leases, 32 connections", hot.measure());
        table = hot.markdown();
    }

    private void firstSight(Program service, List<String> unseen) throws Exception {
        var call = Call.VALIDATE;
        Requests requests = number -> Requests.of(call, "", unseen.get((int) number), "");
        var warmUp = WARM_UP * plan.hot();
        Paced.asFastAsItGoes(service, requests, call.success(), warmUp, Running.CONNECTIONS);
        var before = Usage.cpuNanos(service.process());
        Paced.run(
                service,
                number -> requests.at(warmUp + number),
                call.success(),
                FIRST_SIGHTS_PER_SECOND,
                Duration.ofMillis((long) ((unseen.size() - warmUp) * 1000 / FIRST_SIGHTS_PER_SECOND)),
                Running.CONNECTIONS);
        var micros = (Usage.cpuNanos(service.process()) - before) / 1000.0 / (unseen.size() - warmUp);
        targets.atMost(
                0.5,
                " ms",
                "CPU of the service for the first sight of a key, %.0f a second, after %,d others; everything else that it does included"
                        .formatted(FIRST_SIGHTS_PER_SECOND, warmUp),
                micros / 1000);
    }

    private static List<String> make(Program service, String session, int count) throws Exception {
        var creations = IntStream.range(0, count)
                .<Callable<String>>mapToObj(
                        i -> () -> Http.json("POST", service.base() + Call.REGISTER.path(), session, NEW)
                                .path("api_key")
                                .textValue())
                .toList();
        try (var threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            var keys = new ArrayList<String>();
            for (var key : threads.invokeAll(creations)) {
                keys.add(key.get());
            }
            return keys;
        }
    }
}
