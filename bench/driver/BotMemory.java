import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What live bots keep in memory, and all that comes with their users' calls. */
final class BotMemory {

    // They warm the service up, and are live before.
    private static final int FEW = 20;
    private static final int CALLS_EACH = 5;
    private static final double PER_SECOND = 500;
    private static final int BOTS = 1000;
    private static final String LIVE = "latchkey_live_bots";

    private record Point(long live, double heapMb, double residentMb) {}

    private final Plan plan;
    private final Program service;
    private final List<BotUsers.Owner> owners;
    private Point before = new Point(0, 0, 0);
    private Point after = before;

    /** @param owners as many as may be live */
    BotMemory(Plan plan, Program service, List<BotUsers.Owner> owners) {
        this.plan = plan;
        this.service = service;
        this.owners = owners;
    }

    /** @param tokens a file for the first owners' tokens */
    void measure(Targets targets, Path tokens) throws Exception {
        var call = Call.GET_ME;
        var texts = owners.stream().map(BotUsers.Owner::token).toList();
        Files.write(tokens, texts.subList(0, FEW));
        WarmUp.of(
                service, call.name(), () -> Load.run(service.base(), call, tokens, Running.CONNECTIONS, plan.warmUp()));
        before = point(FEW);
        Paced.asFastAsItGoes(
                service,
                Requests.turning(call, texts),
                call.success(),
                (long) CALLS_EACH * texts.size(),
                Running.CONNECTIONS);
        after = point(texts.size());
        var heap = each(after.heapMb - before.heapMb);
        var resident = each(after.residentMb - before.residentMb);
        targets.add(
                "%,d live bots on one instance: at most 64 MB over idle".formatted(BOTS),
                "%.1f MB of heap, %.1f MB resident".formatted(heap, resident),
                Math.max(heap, resident) <= 64);
    }

    String markdown() {
        return """

                ## Memory, after full collections

                | live bots | heap MB | resident MB |
                |---|---|---|
                | %,d | %.1f | %.1f |
                | %,d | %.1f | %.1f |
                """.formatted(before.live, before.heapMb, before.residentMb, after.live, after.heapMb, after.residentMb);
    }

    private double each(double megabytes) {
        return megabytes * BOTS / (after.live - before.live);
    }

    private Point point(int bots) throws Exception {
        var live = Metrics.of(service).sum(LIVE);
        if (live != bots) {
            throw new Failure("not " + bots + " bots are live, but " + live);
        }
        // What the first one frees may hold what only the second one does.
        Jvm.heap(service);
        var heap = Jvm.heap(service).bytes() / 1e6;
        return new Point(live, heap, service.residentMib() * 1.048576);
    }
}
