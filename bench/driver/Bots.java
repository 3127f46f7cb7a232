import java.util.List;
import java.util.Map;

/** Calls of bots: what the governor takes, that it keeps limits and bots apart, and what live bots keep in memory. */
final class Bots {

    private static final String ONE = "service";

    private final Plan plan;
    private final Machine machine;
    private final Targets targets;
    private final StringBuilder tables = new StringBuilder();

    Bots(Plan plan, Machine machine, Targets targets) {
        this.plan = plan;
        this.machine = machine;
        this.targets = targets;
    }

    void measure(Setup setup) throws Exception {
        var owners = BotUsers.make(machine, setup, plan.hot());
        try (var telegram = machine.startStandIn()) {
            var settings = Map.of("LATCHKEY_TELEGRAM_URL", telegram.base(), "LATCHKEY_BOTS_LIVE", "" + owners.size());
            try (var service = machine.startService(setup, ONE, settings)) {
                var overhead = new BotOverhead(plan, service, telegram, owners.subList(0, BotUsers.WIDE));
                overhead.measure(targets, machine.file("callers"));
                add(overhead.markdown());
                var isolation = new BotIsolation(plan, service, owners.get(BotUsers.WIDE), owners.getLast());
                isolation.measure(targets);
                add(isolation.markdown());
            }
            try (var service = machine.startService(setup, ONE, settings)) {
                var memory = new BotMemory(plan, service, owners);
                memory.measure(targets, machine.file("callers"));
                add(memory.markdown());
            }
            try (var one = machine.startService(setup, ONE, settings);
                    var other = machine.startService(setup, "other", settings)) {
                var limited = owners.subList(BotUsers.WIDE, BotUsers.WIDE + plan.limited());
                var limits = new BotLimits(plan, List.of(one, other), telegram, limited);
                limits.measure(targets, machine.file("callers"));
                add(limits.markdown());
            }
        }
    }

    private void add(String table) {
        System.out.print(table);
        tables.append(table);
    }

    String markdown() {
        return tables.toString();
    }
}
