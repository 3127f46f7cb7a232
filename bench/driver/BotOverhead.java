import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the governor takes of a call that waits for no limit. */
final class BotOverhead {

    // Few: threads sleep in between, and caches are others' when they wake up. Many: half of what the machine is up to,
    // or less.
    private static final List<Double> RATES = List.of(200.0, 800.0);
    private static final int CONNECTIONS = 32;
    private static final String WAIT = "latchkey_governor_wait_seconds";

    private final Plan plan;
    private final Program service;
    private final Program telegram;
    private final List<BotUsers.Owner> owners;
    private final StringBuilder tables = new StringBuilder();

    /** @param owners of bots so many, and with such limits, that none of them is reached */
    BotOverhead(Plan plan, Program service, Program telegram, List<BotUsers.Owner> owners) {
        this.plan = plan;
        this.service = service;
        this.telegram = telegram;
        this.owners = owners;
    }

    /** @param tokens a file for the owners' tokens */
    void measure(Targets targets, Path tokens) throws Exception {
        var call = Call.GET_ME;
        var texts = owners.stream().map(BotUsers.Owner::token).toList();
        Files.write(tokens, texts);
        var warm = WarmUp.of(
                service, call.name(), () -> Load.run(service.base(), call, tokens, CONNECTIONS, plan.warmUp()));
        paced(telegram, this::direct, RATES.getFirst());
        for (var perSecond : RATES) {
            measure(targets, texts, perSecond);
        }
        tables.append(warm.markdown("the service"));
    }

    private void measure(Targets targets, List<String> texts, double perSecond) throws Exception {
        var direct = paced(telegram, this::direct, perSecond);
        var turns = Metrics.of(service).sum(WAIT + "_count");
        Arrivals.forget(telegram);
        // Longer than the service's quantiles reach back: they are of these calls alone.
        var whole = paced(service, Requests.turning(Call.GET_ME, texts), perSecond);
        var metrics = Metrics.of(service);
        Arrivals.of(telegram).requireAll(whole.answers());
        if (metrics.sum(WAIT + "_count") - turns != whole.answers()) {
            throw new Failure("not each call had one turn of the governor's");
        }
        judge(targets, metrics, direct, whole);
    }

    String markdown() {
        return tables.toString();
    }

    private void judge(Targets targets, Metrics metrics, Paced direct, Paced whole) {
        var median = 1000 * metrics.value(WAIT, "quantile=\"0.5\"");
        var rare = 1000 * metrics.value(WAIT, "quantile=\"0.99\"");
        var load = "%.0f calls a second of %d bots".formatted(whole.perSecond(), owners.size());
        targets.atMost(0.3, " ms", "p50 of a call's wait for its turn, where no limit is reached, " + load, median);
        tables.append("""

                ## What the governor takes, %s

                | | p50 ms | p99 ms |
                |---|---|---|
                | a call's wait for its turn, as the service tells it | %.2f | %.2f |
                | getMe through the service | %.2f | %.2f |
                | getMe of what stands in for Telegram, without the service | %.2f | %.2f |
                """.formatted(
                        load,
                        median,
                        rare,
                        whole.latencies().millis(0.5),
                        whole.latencies().millis(0.99),
                        direct.latencies().millis(0.5),
                        direct.latencies().millis(0.99)));
    }

    private Paced paced(Program server, Requests requests, double perSecond) throws Exception {
        var time = server == telegram ? plan.paced() : plan.bots().multipliedBy(2);
        return Paced.run(server, requests, Call.GET_ME.success(), perSecond, time, CONNECTIONS);
    }

    // To Telegram any 35 characters are a token.
    private byte[] direct(long number) {
        var bot = owners.get((int) (number % owners.size())).bot();
        var path = "/bot" + bot + ":" + "a".repeat(35) + "/getMe";
        var call = new Call("direct", Call.Caller.NOBODY, 0, "POST", path, Call.GET_ME.body(), "");
        return Requests.of(call, "", "", call.body());
    }
}
