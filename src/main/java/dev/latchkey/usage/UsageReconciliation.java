package dev.latchkey.usage;

import dev.latchkey.platform.cluster.ClusterLock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Compares the daily totals with the events they are made of, and mends them: today and yesterday every hour, older days once a day, each
 * by one replica. They never differ, unless someone changed them or there is a bug: a difference is an alarm. The latency histogram is
 * made anew with the rest, and not compared itself.
 */
@ApplicationScoped
class UsageReconciliation {

    private static final Logger LOG = Logger.getLogger(UsageReconciliation.class);
    private static final int DAY_WITHIN_SECONDS = 600;

    private static final String DUE = """
            select day::date::text from generate_series(?::date, ?::date, '1 day') as day
            left join usage_reconciliations as last using (day)
            where checked_at is null
                or checked_at < now() - case when day::date >= ?::date - 1 then interval '1 hour' else interval '1 day' end
            order by day desc
            """;

    // One statement sees events and totals at one moment, and they are written in one statement: no lock is needed, and
    // what differs here is wrong. Nothing differs for a day whose events were dropped.
    private static final String COMPARE = """
            with counted as (
                select tenant_id, credential_id, user_id, method, endpoint, sum(calls) as requests,
                    coalesce(sum(calls) filter (where status >= 400), 0) as errors,
                    coalesce(sum(calls) filter (where status = 429), 0) as rate_limited,
                    sum(bytes * calls) as bytes, sum(latency_micros * calls) as latency_micros
                from token_usage_events
                where at >= ?::date::timestamp at time zone 'UTC' and at < (?::date + 1)::timestamp at time zone 'UTC'
                group by 1, 2, 3, 4, 5
            ), known as (
                select * from usage_aggregates where day = ?::date
            )
            select count(*), coalesce(sum(abs(coalesce(counted.requests, 0) - coalesce(known.requests, 0))), 0)
            from counted full join known
                on (counted.tenant_id, counted.credential_id, counted.method, counted.endpoint)
                    = (known.tenant_id, known.credential_id, known.method, known.endpoint)
                and coalesce(counted.user_id, '00000000-0000-0000-0000-000000000000')
                    = coalesce(known.user_id, '00000000-0000-0000-0000-000000000000')
            where (counted.requests, counted.errors, counted.rate_limited, counted.bytes, counted.latency_micros)
                is distinct from (known.requests, known.errors, known.rate_limited, known.bytes, known.latency_micros)
                and not exists (select from usage_dropped where through >= ?::date)
            """;

    private static final String NOTE = """
            insert into usage_reconciliations as known (day, checked_at, difference) values (?::date, now(), ?)
            on conflict (day) do update set checked_at = excluded.checked_at, difference = excluded.difference
            """;

    private static final String FORGET = "delete from usage_reconciliations where day < ?::date";

    private static final String SUM = "select coalesce(sum(difference), 0)::text from usage_reconciliations";

    private record Difference(long rows, long requests) {}

    private final DataSource database;
    private final ClusterLock lock;
    private final UsageAggregates aggregates;
    private final UsageConfig config;
    private final Clock clock;
    private volatile long difference;

    UsageReconciliation(
            DataSource database,
            ClusterLock lock,
            UsageAggregates aggregates,
            UsageConfig config,
            Clock clock,
            MeterRegistry metrics) {
        this.database = database;
        this.lock = lock;
        this.aggregates = aggregates;
        this.config = config;
        this.clock = clock;
        Gauge.builder("latchkey_usage_reconciliation_difference", this, it -> it.difference)
                .description("Requests by which daily totals differed from their events when they were last compared")
                .register(metrics);
    }

    @Scheduled(
            every = "10m",
            delayed = "2m",
            identity = "usage-reconciliation",
            concurrentExecution = ConcurrentExecution.SKIP)
    void reconcile() {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        reconcile(today, today.minusDays(config.retention().toDays()));
    }

    /** @param firstKept the oldest day that has events */
    void reconcile(LocalDate today, LocalDate firstKept) {
        for (var day : rows(DUE, firstKept, today, today)) {
            QuarkusTransaction.requiringNew().timeout(DAY_WITHIN_SECONDS).run(() -> reconcile(LocalDate.parse(day)));
        }
        write(FORGET, firstKept.toString());
        difference = Long.parseLong(rows(SUM).getFirst());
    }

    private void reconcile(LocalDate day) {
        if (!lock.tryTake("usage.reconciliation")) {
            return;
        }
        var found = compare(day);
        if (found.rows() > 0) {
            aggregates.recount(day);
            LOG.errorf(
                    "Usage totals of %s differed from their events, in %d rows by %d requests, and were counted anew",
                    day, found.rows(), found.requests());
        }
        write(NOTE, day.toString(), found.requests());
    }

    private Difference compare(LocalDate day) {
        try (var connection = database.getConnection();
                var statement = prepare(connection, COMPARE, day, day, day, day);
                var row = statement.executeQuery()) {
            row.next();
            return new Difference(row.getLong(1), row.getLong(2));
        } catch (SQLException e) {
            throw new IllegalStateException("Usage totals cannot be compared with their events", e);
        }
    }

    private List<String> rows(String sql, LocalDate... days) {
        try (var connection = database.getConnection();
                var statement = prepare(connection, sql, (Object[]) days);
                var row = statement.executeQuery()) {
            var rows = new ArrayList<String>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException("Reconciliations of usage cannot be read", e);
        }
    }

    private void write(String sql, Object... parameters) {
        try (var connection = database.getConnection();
                var statement = prepare(connection, sql, parameters)) {
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("A reconciliation of usage cannot be noted", e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (var i = 0; i < parameters.length; i++) {
            var value = parameters[i];
            statement.setObject(i + 1, value instanceof LocalDate day ? day.toString() : value);
        }
        return statement;
    }
}
