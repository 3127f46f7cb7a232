package dev.latchkey.usage;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Writes events to PostgreSQL, each once however often it comes, and counts what was really written. */
@ApplicationScoped
class EventStore {

    /** An event that PostgreSQL will never take, and why. */
    record Refused(UsageEvent event, String reason) {}

    private record Column(String type, Function<UsageEvent, @Nullable Object> value) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("timestamptz", event -> event.at().toString()),
            new Column("uuid", UsageEvent::id),
            new Column("uuid", UsageEvent::tenantId),
            new Column("uuid", UsageEvent::credentialId),
            new Column("text", UsageEvent::kind),
            new Column("uuid", event -> event.userId().orElse(null)),
            new Column("text", UsageEvent::method),
            new Column("text", UsageEvent::endpoint),
            new Column("int2", UsageEvent::status),
            new Column("int8", UsageEvent::latencyMicros),
            new Column("int8", UsageEvent::bytes),
            new Column("text", UsageEvent::requestId),
            new Column("text", event -> String.join(" ", event.scopes())));

    // One statement, so one round trip, and all or nothing without a transaction around it. Every part takes its rows
    // in
    // the order of their keys: two replicas that write the same rows wait for each other and never in a circle. Only
    // rows that were not there before reach the totals; a last use may be written twice, because it only moves forward.
    private static final String ADD = """
            with event as (
                select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as event (at, id, tenant_id, credential_id, kind,
                    user_id, method, endpoint, status, latency_micros, bytes, request_id, scopes)
            ), counted as (
                insert into token_usage_events (at, id, tenant_id, credential_id, kind, user_id, method, endpoint, status,
                    latency_micros, bytes, request_id)
                select at, id, tenant_id, credential_id, kind, user_id, method, endpoint, status, latency_micros, bytes, request_id
                from event
                order by at, id
                on conflict do nothing
                returning *
            ), rolled_up as (
            """ + UsageAggregates.ROLL_UP + """
            ), used as (
                insert into usage_last_use as known (credential_id, tenant_id, at)
                select credential_id, tenant_id, max(at) from event group by 1, 2 order by 1
                on conflict (credential_id) do update set at = excluded.at where known.at < excluded.at
            ), scoped as (
                insert into usage_scope_use as known (credential_id, scope, tenant_id, last_at)
                select credential_id, scope, tenant_id, max(at)
                from event cross join unnest(string_to_array(scopes, ' ')) as scope
                group by 1, 2, 3 order by 1, 2
                on conflict (credential_id, scope) do update set last_at = excluded.last_at
                where known.last_at < excluded.last_at
            )
            select count(*) from counted
            """;

    private final DataSource database;
    private final Timer batches;

    EventStore(DataSource database, MeterRegistry metrics) {
        this.database = database;
        this.batches = batches(metrics);
    }

    static Timer batches(MeterRegistry metrics) {
        return Timer.builder("latchkey_usage_batch_seconds")
                .description("The writing of one batch of usage events or chunks to PostgreSQL")
                .publishPercentileHistogram()
                .register(metrics);
    }

    /**
     * Writes the events. One that PostgreSQL refuses for what is in it does not keep the others back.
     *
     * @return the events that were refused; writing them again is of no use
     * @throws SQLException if PostgreSQL is away or fails; then the same events should come again
     */
    List<Refused> add(Collection<UsageEvent> events) throws SQLException {
        if (events.isEmpty()) {
            return List.of();
        }
        var sample = Timer.start();
        try {
            insert(events);
            return List.of();
        } catch (SQLException e) {
            if (isRetryable(e)) {
                throw e;
            }
            return addEach(events);
        } finally {
            sample.stop(batches);
        }
    }

    private List<Refused> addEach(Collection<UsageEvent> events) throws SQLException {
        var refused = new ArrayList<Refused>();
        for (var event : events) {
            try {
                insert(List.of(event));
            } catch (SQLException e) {
                if (isRetryable(e)) {
                    throw e;
                }
                refused.add(new Refused(event, "PostgreSQL refused it with " + e.getSQLState()));
            }
        }
        return refused;
    }

    private void insert(Collection<UsageEvent> events) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(ADD)) {
            for (var i = 0; i < COLUMNS.size(); i++) {
                var column = COLUMNS.get(i);
                var values = events.stream().map(column.value()).toArray();
                statement.setArray(i + 1, connection.createArrayOf(column.type(), values));
            }
            statement.execute();
        }
    }

    // Classes 21, 22, 23 and 54 of PostgreSQL's appendix A speak of the values. A partition attached at the wrong
    // moment
    // looks like one of them (23514), and passes when the events are tried one by one.
    static boolean isRetryable(SQLException failure) {
        var state = failure.getSQLState();
        return state == null || !List.of("21", "22", "23", "54").contains(state.substring(0, 2));
    }
}
