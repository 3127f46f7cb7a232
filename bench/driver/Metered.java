import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** That limits and metering were really on: a decision by Redis and an event for each answer. */
record Metered(Program service, Bench.Call call, Counts before) {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final long CALLERS_OWN_MAX = 3;
    private static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * @param succeeded answered with success, as the service counted
     * @param cut whose client was gone before the answer: they may have been metered, or not
     * @param failed answered, and without success
     * @param decided what Redis decided and allowed
     * @param events single events in PostgreSQL
     * @param totals the same in the daily totals
     */
    record Counts(long succeeded, long cut, long failed, long decided, long events, long totals) {

        Counts minus(Counts other) {
            return new Counts(
                    succeeded - other.succeeded,
                    cut - other.cut,
                    failed - other.failed,
                    decided - other.decided,
                    events - other.events,
                    totals - other.totals);
        }

        /** @param eventsOfCall how many one call makes */
        boolean isWhole(long seen, int connections, int eventsOfCall) {
            return succeeded >= seen
                    // Of each connection one call may have been under way when the load stopped; wrk does not count an
                    // answer that it gets while it stops.
                    && succeeded + cut <= seen + 2L * connections
                    && failed == 0
                    && decided >= succeeded * eventsOfCall
                    && events >= succeeded * eventsOfCall
                    // Whoever asks about others is shown to have called once a minute.
                    && events <= (succeeded + cut) * eventsOfCall + CALLERS_OWN_MAX
                    && totals == events;
        }
    }

    static Metered before(Program service, Bench.Call call) throws Exception {
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
            if (counts.equals(last) && counts.isWhole(seen, connections, call.events())) {
                return waited;
            }
            if (waited.compareTo(PATIENCE) > 0) {
                throw new Bench.Failure(
                        call.name() + ": the load saw " + seen + " answers, of which there are " + counts);
            }
            last = counts;
            Thread.sleep(PAUSE);
        }
    }

    static String postgresVersion() throws SQLException {
        return value("show server_version");
    }

    private static Counts counts(Program service, Bench.Call call) throws Exception {
        var metrics = metrics(service);
        var http = "http_server_requests_seconds_count";
        var ofCall = "uri=\"" + call.path() + "\"";
        var succeeded = sum(metrics, http, ofCall, "outcome=\"SUCCESS\"");
        var cut = sum(metrics, http, ofCall, "status=\"RESET\"");
        return new Counts(
                succeeded,
                cut,
                sum(metrics, http, ofCall) - succeeded - cut,
                sum(metrics, "latchkey_limit_decisions_total", "decided_by=\"redis\"", "outcome=\"allowed\""),
                Long.parseLong(value("select coalesce(sum(calls), 0) from token_usage_events")),
                Long.parseLong(value("select coalesce(sum(requests), 0) from usage_aggregates")));
    }

    private static String metrics(Program service) throws IOException, InterruptedException {
        return Http.text("GET", "http://127.0.0.1:" + service.managementPort() + "/q/metrics", "", "");
    }

    private static long sum(String metrics, String name, String... tags) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{"))
                .filter(line -> Stream.of(tags).allMatch(line::contains))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String value(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        System.getProperty("quarkus.datasource.jdbc.url"),
                        System.getProperty("quarkus.datasource.username"),
                        System.getProperty("quarkus.datasource.password"));
                var row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
