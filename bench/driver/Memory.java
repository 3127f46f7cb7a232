import java.util.List;

/** What verifications allocate, and what is kept of credentials that were verified. Of the JVM only. */
final class Memory {

    private final Plan plan;
    private final Running running;

    Memory(Plan plan, Running running) {
        this.plan = plan;
        this.running = running;
    }

    /** All that the service allocates meanwhile, moving the events included. */
    void allocation(Targets targets) throws Exception {
        var call = Call.VERIFY;
        var metered = Metered.before(running.service(), call);
        var before = Jvm.allocatedBytes(running.service());
        var load = Load.run(running.service().base(), call, running.hot(), Running.CONNECTIONS, plan.paced());
        metered.awaitAll(load.requests(), Running.CONNECTIONS);
        var bytes = (Jvm.allocatedBytes(running.service()) - before) / (double) load.requests();
        targets.atMost(
                4,
                " KiB",
                "allocated for a hot verification, " + running.setup().name(),
                bytes / 1024);
    }

    /**
     * The growth of the heap by each credential that is in memory. Snapshots live 30 s: if they come slower, some are gone already, and are
     * not reckoned.
     */
    void cached(Targets targets, List<String> unseen) throws Exception {
        var others = unseen.subList(plan.cached(), unseen.size());
        running.each(others, 0);
        running.each(others, 0);
        var before = Jvm.heap(running.service());
        var asked = unseen.subList(0, plan.cached());
        // The second time each is known, and answered the short way, which keeps something too.
        running.each(asked, 0);
        running.each(asked, 0);
        var after = Jvm.heap(running.service());
        var credentials = after.credentials() - before.credentials();
        if (credentials <= 0) {
            throw new Failure("no credential is kept in memory");
        }
        var each = (after.bytes() - before.bytes()) / (double) credentials;
        targets.add(
                "100,000 credentials in memory: at most 60 MB of heap",
                "%.0f MB (%,.0f bytes each, of %,d that were there at once)".formatted(each / 10, each, credentials),
                each <= 600);
    }
}
