import java.time.Duration;
import java.time.Instant;

/** That limits and metering were really on: a decision by Redis and an event for each answer. */
record Metered(Program service, Call call, Counts before) {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final long CALLERS_OWN_MAX = 3;
    private static final String DECISIONS = "latchkey_limit_decisions_total";
    private static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * @param succeeded answered with success, as the service counted
     * @param cut whose client was gone before the answer: they may have been metered, or not
     * @param failed answered, and without success
     * @param decided what Redis decided and allowed, for itself or in advance
     * @param undecided what was refused, or not decided by Redis
     * @param invalid credentials that were found anything but valid
     * @param events single events in PostgreSQL
     * @param totals the same in the daily totals
     */
    record Counts(
            long succeeded,
            long cut,
            long failed,
            long decided,
            long undecided,
            long invalid,
            long events,
            long totals) {

        Counts minus(Counts other) {
            return new Counts(
                    succeeded - other.succeeded,
                    cut - other.cut,
                    failed - other.failed,
                    decided - other.decided,
                    undecided - other.undecided,
                    invalid - other.invalid,
                    events - other.events,
                    totals - other.totals);
        }

        /** No waiting mends it. */
        boolean isBroken() {
            return undecided > 0 || invalid > 0;
        }

        /** @param eventsOfCall how many one call makes */
        boolean isWhole(long seen, int connections, int eventsOfCall) {
            return succeeded >= seen
                    // All that the load saw were successes. Of each connection one call may have been under way when it
                    // stopped; wrk does not count an answer that it gets while it stops.
                    && succeeded + cut + failed <= seen + 2L * connections
                    && decided >= succeeded * eventsOfCall
                    && events >= succeeded * eventsOfCall
                    // A call whose client went away is metered too, though not always counted as this request. And
                    // whoever
                    // asks about others is shown to have called once a minute.
                    && events <= (seen + 2L * connections) * eventsOfCall + CALLERS_OWN_MAX
                    && totals == events;
        }
    }

    static Metered before(Program service, Call call) throws Exception {
        return new Metered(service, call, counts(service, call));
    }

    /**
     * Waits until every answer is metered, and says how long that took.
     *
     * @param seen how many answers the load saw
     * @param connections how many more may have been under way when it stopped; 0: it waited for all
     */
    Duration awaitAll(long seen, int connections) throws Exception {
        var began = Instant.now();
        var last = before;
        while (true) {
            var counts = counts(service, call).minus(before);
            var waited = Duration.between(began, Instant.now());
            // The same twice: the events of calls that were cut off come late.
            if (!counts.isBroken() && counts.equals(last) && counts.isWhole(seen, connections, call.events())) {
                return waited;
            }
            if (counts.isBroken() || waited.compareTo(PATIENCE) > 0) {
                throw new Failure(call.name() + ": the load saw " + seen + " answers, of which there are " + counts);
            }
            last = counts;
            Thread.sleep(PAUSE);
        }
    }

    /** The share of all decisions so far that leases made. */
    static double leased(Program service) throws Exception {
        var metrics = Metrics.of(service);
        return decided(metrics, "lease") / (double) Math.max(1, metrics.sum(DECISIONS));
    }

    private static Counts counts(Program service, Call call) throws Exception {
        var metrics = Metrics.of(service);
        var http = "http_server_requests_seconds_count";
        var ofCall = "uri=\"" + call.path() + "\"";
        var succeeded = metrics.sum(http, ofCall, "outcome=\"SUCCESS\"");
        var cut = metrics.sum(http, ofCall, "status=\"RESET\"");
        var decided = decided(metrics, "redis") + decided(metrics, "lease");
        return new Counts(
                succeeded,
                cut,
                metrics.sum(http, ofCall) - succeeded - cut,
                decided,
                metrics.sum(DECISIONS) - decided,
                metrics.sum("latchkey_verifications_total")
                        - metrics.sum("latchkey_verifications_total", "code=\"VALID\""),
                Database.number("select coalesce(sum(calls), 0) from token_usage_events"),
                Database.number("select coalesce(sum(requests), 0) from usage_aggregates"));
    }

    private static long decided(Metrics metrics, String by) {
        return metrics.sum(DECISIONS, "decided_by=\"" + by + "\"", "outcome=\"allowed\"");
    }
}
