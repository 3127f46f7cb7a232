import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Bots that ask two instances for more than they may, all at once: none gets more, and none much less. */
final class BotLimits {

    // Of each bot at each instance one call is always under way or about to be: so many, and together so many a second.
    private static final int CALLERS = 5;
    private static final double PER_SECOND = 33;
    private static final double LEAST_SHARE = 0.9;
    // By then each bot has used up what it had not used before.
    private static final Duration BEGIN = Duration.ofSeconds(2);

    private final Plan plan;
    private final List<Program> services;
    private final Program telegram;
    private final List<BotUsers.Owner> owners;
    private String table = "";

    BotLimits(Plan plan, List<Program> services, Program telegram, List<BotUsers.Owner> owners) {
        this.plan = plan;
        this.services = services;
        this.telegram = telegram;
        this.owners = owners;
    }

    /** @param tokens a file for the owners' tokens */
    void measure(Targets targets, Path tokens) throws Exception {
        var call = Call.GET_ME;
        Files.write(tokens, owners.stream().map(BotUsers.Owner::token).toList());
        // Few at a time, then more: a JVM that has just begun is not up to what comes then.
        for (var service : services) {
            WarmUp.of(
                    service,
                    call.name(),
                    () -> Load.run(service.base(), call, tokens, Running.CONNECTIONS, plan.warmUp()));
        }
        for (var share : List.of(10, 3)) {
            run(owners.subList(0, owners.size() / share), plan.round());
        }
        WarmUp.of(services.getFirst(), call.name(), () -> run(owners, plan.warmUp()));
        Arrivals.forget(telegram);
        var outcome = run(owners, plan.bots());
        var arrivals = Arrivals.of(telegram);
        arrivals.requireAll(outcome.granted());
        var rates = new ArrayList<>(
                arrivals.rates(owners.stream().map(BotUsers.Owner::bot).toList(), BEGIN, plan.bots()));
        var bots = "%d bots with a limit of %d/s on %d instances"
                .formatted(owners.size(), BotUsers.PER_SECOND, services.size());
        targets.add(
                "%s: at most %d calls of any bot in any 1 s".formatted(bots, BotUsers.PER_SECOND),
                "" + arrivals.mostInASecond(),
                arrivals.mostInASecond() <= BotUsers.PER_SECOND);
        targets.atLeast(
                LEAST_SHARE * BotUsers.PER_SECOND,
                "%s, each asked for %.0f/s: calls a second that the one with the fewest got"
                        .formatted(bots, PER_SECOND),
                rates.stream().min(Double::compare).orElseThrow());
        table = """

                ## %s, %d s

                Calls of a bot in a second, each asked for %.0f: %s. In any 1 s at most %d. Refused: %,d of %,d.
                """.formatted(
                        bots,
                        plan.bots().toSeconds(),
                        PER_SECOND,
                        Figures.spread(rates, "%.2f"),
                        arrivals.mostInASecond(),
                        outcome.refused(),
                        outcome.granted() + outcome.refused());
    }

    String markdown() {
        return table;
    }

    private Throng.Outcome run(List<BotUsers.Owner> some, Duration time) throws Exception {
        var call = Call.GET_ME;
        var callers = new ArrayList<Throng.Caller>();
        for (var i = 0; i < CALLERS; i++) {
            for (var service : services) {
                for (var owner : some) {
                    callers.add(new Throng.Caller(
                            service,
                            Requests.of(call, "", owner.token(), call.body()),
                            "{\"ok\":true,\"result\":{\"id\":" + owner.bot() + ","));
                }
            }
        }
        var gap = Duration.ofNanos((long) (1e9 * CALLERS * services.size() / PER_SECOND));
        return Throng.run(callers, gap, time);
    }
}
