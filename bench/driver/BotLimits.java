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
    // First a third of the bots, which a small machine is up to beside the load.
    private static final int FEW = 3;
    // By then each bot has used up what it had not used before.
    private static final Duration BEGIN = Duration.ofSeconds(2);

    private final Plan plan;
    private final List<Program> services;
    private final Program telegram;
    private final List<BotUsers.Owner> owners;
    private final StringBuilder tables = new StringBuilder();

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
        run(owners.subList(0, owners.size() / 10), plan.round());
        for (var share : List.of(FEW, 1)) {
            var bots = owners.subList(0, owners.size() / share);
            WarmUp.of(services.getFirst(), call.name(), () -> run(bots, plan.warmUp()));
            Arrivals.forget(telegram);
            var late = late();
            judge(targets, bots, run(bots, plan.bots()), Arrivals.of(telegram));
            tables.append("Calls that left late, and counted from then on, or had another turn: %,d.\n"
                    .formatted(late() - late));
        }
    }

    private long late() throws Exception {
        var late = 0L;
        for (var service : services) {
            late += Metrics.of(service).sum("latchkey_governor_late_total");
        }
        return late;
    }

    private void judge(Targets targets, List<BotUsers.Owner> asked, Throng.Outcome outcome, Arrivals arrivals) {
        arrivals.requireAll(outcome.granted());
        var rates = new ArrayList<>(
                arrivals.rates(asked.stream().map(BotUsers.Owner::bot).toList(), BEGIN, plan.bots()));
        var bots = "%d bots with a limit of %d/s on %d instances"
                .formatted(asked.size(), BotUsers.PER_SECOND, services.size());
        targets.add(
                "%s: at most %d calls of any bot in any 1 s".formatted(bots, BotUsers.PER_SECOND),
                "" + arrivals.mostInASecond(),
                arrivals.mostInASecond() <= BotUsers.PER_SECOND);
        targets.atLeast(
                LEAST_SHARE * BotUsers.PER_SECOND,
                "%s, each asked for %.0f/s: calls a second that the one with the fewest got"
                        .formatted(bots, PER_SECOND),
                rates.stream().min(Double::compare).orElseThrow());
        tables.append("""

                ## %s, %d s

                Calls of a bot in a second, each asked for %.0f: %s. In any 1 s at most %d. Refused: %,d of %,d.
                """.formatted(
                        bots,
                        plan.bots().toSeconds(),
                        PER_SECOND,
                        Figures.spread(rates, "%.2f"),
                        arrivals.mostInASecond(),
                        outcome.refused(),
                        outcome.granted() + outcome.refused()));
    }

    String markdown() {
        return tables.toString();
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
