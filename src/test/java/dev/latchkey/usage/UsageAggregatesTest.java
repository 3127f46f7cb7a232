package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.latchkey.local.TestServices;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The totals are the sum of the events: as a model in Java adds them up, and as a recount finds them. */
@QuarkusTest
class UsageAggregatesTest {

    // Two hours before a midnight that is past, so that 30 hours touch three days that are not yet dropped.
    private static final Instant FROM =
            Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(50));
    private static final List<LocalDate> DAYS = Stream.of(0, 1, 2)
            .map(LocalDate.ofInstant(FROM, ZoneOffset.UTC)::plusDays)
            .toList();

    @Inject
    EventStore store;

    @Inject
    UsageAggregates aggregates;

    private final SampleEvents sample = SampleEvents.ofNewCredential();

    @Test
    void theTotalsAreTheSumOfTheEventsHoweverTheyWereBatchedAndRepeated() throws SQLException {
        for (var seed = 0; seed < 5; seed++) {
            var own = SampleEvents.ofNewCredential();
            var random = new Random(seed);
            var events = own.random(random, 300, FROM, 30);
            for (var i = 0; i < 20; i++) {
                var from = random.nextInt(300);
                store.add(events.subList(from, Math.min(300, from + random.nextInt(60))));
            }
            store.add(events);
            var totals = totalsOf(own);
            assertEquals(model(events), totals);
            DAYS.forEach(aggregates::recount);
            assertEquals(totals, totalsOf(own));
        }
    }

    @Test
    void aRecountRepairsTotalsThatWereLostOrWrong() throws SQLException {
        var events = sample.random(new Random(11), 100, FROM, 30);
        store.add(events);
        execute("delete from usage_aggregates where method = 'GET' and credential_id = '%s'");
        execute("update usage_aggregates set requests = requests + 5 where credential_id = '%s'");
        assertFalse(model(events).equals(totalsOf(sample)));
        DAYS.forEach(aggregates::recount);
        assertEquals(model(events), totalsOf(sample));
    }

    @Test
    void eventsThatArriveDuringARecountAreCountedOnce() throws Exception {
        // Each with totals of its own: a row that appears between the two halves of a recount is what it could count
        // twice.
        var events = IntStream.range(0, 600)
                .mapToObj(i -> sample.with(FROM.plusSeconds(i), "GET", "/endpoint/" + i, 200, Duration.ofMillis(1)))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writing = threads.submit(() -> {
                for (var event : events) {
                    store.add(List.of(event));
                }
                return null;
            });
            while (!writing.isDone()) {
                aggregates.recount(DAYS.getFirst());
            }
            writing.get();
        }
        assertEquals(model(events), totalsOf(sample));
    }

    @Test
    void theBucketsReadHereAreTheBucketsCountedThere() throws SQLException {
        var there = UsageTables.rows("select unnest(usage_latency_bounds())");
        assertEquals(
                Arrays.stream(LatencyHistogram.bounds())
                        .mapToObj(Long::toString)
                        .toList(),
                there);
    }

    private void execute(String sql) throws SQLException {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql.formatted(sample.credentialId()));
        }
    }

    private static Map<String, String> totalsOf(SampleEvents sample) throws SQLException {
        var totals = new TreeMap<String, String>();
        UsageTables.rows("""
                select concat_ws('|', day, user_id, method, endpoint, '=', requests, errors, rate_limited, bytes, latency_micros,
                    latency_histogram) from usage_aggregates where credential_id = '%s'""".formatted(sample.credentialId()))
                .forEach(row -> totals.put(row.split("=")[0], row.split("=")[1]));
        return totals;
    }

    private static Map<String, String> model(List<UsageEvent> events) {
        var sums = new HashMap<String, Sum>();
        for (var event : events) {
            var key = LocalDate.ofInstant(event.at(), ZoneOffset.UTC) + "|"
                    + event.userId().map(user -> user + "|").orElse("")
                    + event.method() + "|" + event.endpoint() + "|";
            sums.computeIfAbsent(key, missing -> new Sum()).add(event);
        }
        var model = new TreeMap<String, String>();
        sums.forEach((key, sum) -> model.put(key, sum.toString()));
        return model;
    }

    private static final class Sum {
        private final long[] numbers = new long[5];
        private final long[] histogram = new long[LatencyHistogram.bounds().length + 1];

        void add(UsageEvent event) {
            numbers[0]++;
            numbers[1] += event.status() >= 400 ? 1 : 0;
            numbers[2] += event.status() == 429 ? 1 : 0;
            numbers[3] += event.bytes();
            numbers[4] += event.latencyMicros();
            var bucket = Arrays.stream(LatencyHistogram.bounds())
                    .filter(bound -> bound <= event.latencyMicros())
                    .count();
            histogram[(int) bucket]++;
        }

        @Override
        public String toString() {
            var text = new StringBuilder();
            Arrays.stream(numbers).forEach(number -> text.append('|').append(number));
            return text + "|"
                    + Arrays.toString(histogram)
                            .replace(" ", "")
                            .replace('[', '{')
                            .replace(']', '}');
        }
    }
}
