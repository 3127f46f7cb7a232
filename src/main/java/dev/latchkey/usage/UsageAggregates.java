package dev.latchkey.usage;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import javax.sql.DataSource;

/** The daily totals, {@code usage_aggregates}. */
@ApplicationScoped
public class UsageAggregates {

    /** Adds the rows of {@code counted} to the totals, each as often as it has calls: newly written events, or all of a day. */
    static final String ROLL_UP = """
            insert into usage_aggregates as known (day, tenant_id, credential_id, user_id, method, endpoint, requests, errors,
                rate_limited, bytes, latency_micros, latency_histogram)
            select (at at time zone 'UTC')::date, tenant_id, credential_id, user_id, method, endpoint, sum(calls),
                coalesce(sum(calls) filter (where status >= 400), 0), coalesce(sum(calls) filter (where status = 429), 0),
                sum(bytes * calls), sum(latency_micros * calls), usage_histogram(latency_micros, calls)
            from counted
            group by 1, 2, 3, 4, 5, 6
            order by 2, 3, 1, 5, 6, 4
            on conflict on constraint usage_aggregates_key do update set
                requests = known.requests + excluded.requests,
                errors = known.errors + excluded.errors,
                rate_limited = known.rate_limited + excluded.rate_limited,
                bytes = known.bytes + excluded.bytes,
                latency_micros = known.latency_micros + excluded.latency_micros,
                latency_histogram = usage_histogram_add(known.latency_histogram, excluded.latency_histogram)
            """;

    private static final String DAY = """
            with counted as (
                select * from token_usage_events where at >= ?::date::timestamp at time zone 'UTC'
                    and at < (?::date + 1)::timestamp at time zone 'UTC'
            )
            """;

    private final DataSource database;

    UsageAggregates(DataSource database) {
        this.database = database;
    }

    /**
     * Makes the totals of a day (UTC) anew from its events, in one transaction. Events that arrive meanwhile wait, and are
     * counted after it.
     *
     * @throws IllegalArgumentException if events of that day were dropped: its totals are all that is left of it
     */
    @Transactional
    public void recount(LocalDate day) {
        try (var connection = database.getConnection()) {
            // Whoever writes events holds this table from the start of the statement to its commit. So an event is
            // either
            // visible to the count below, or is added to its result.
            execute(connection, "lock table usage_aggregates in share row exclusive mode");
            if (isDropped(connection, day)) {
                throw new IllegalArgumentException("The events of " + day + " were dropped");
            }
            execute(connection, "delete from usage_aggregates where day = ?::date", day);
            execute(connection, DAY + ROLL_UP, day, day);
            execute(connection, "delete from usage_violations where day = ?::date", day);
            execute(connection, DAY + UsageViolations.ROLL_UP, day, day);
        } catch (SQLException e) {
            throw new IllegalStateException("The usage of " + day + " cannot be recounted", e);
        }
    }

    private static boolean isDropped(Connection connection, LocalDate day) throws SQLException {
        try (var statement =
                connection.prepareStatement("select exists (select from usage_dropped where through >= ?::date)")) {
            statement.setString(1, day.toString());
            try (var row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static void execute(Connection connection, String sql, LocalDate... days) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < days.length; i++) {
                statement.setString(i + 1, days[i].toString());
            }
            statement.execute();
        }
    }
}
