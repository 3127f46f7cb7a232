package dev.latchkey.usage;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Makes the partitions of {@code token_usage_events} ahead of time, and drops those that are past their retention: at start and every hour,
 * each step by one replica and in a transaction of its own, so that none holds its locks for long.
 */
@ApplicationScoped
class EventPartitions {

    private static final Logger LOG = Logger.getLogger(EventPartitions.class);

    private static final String ONE_REPLICA =
            "select pg_try_advisory_xact_lock(hashtextextended('latchkey.usage.partitions', 0))";

    private static final String DAYS = """
            select to_date(right(child.relname, 8), 'YYYYMMDD')::text from pg_inherits
            join pg_class as child on child.oid = pg_inherits.inhrelid
            where inhparent = 'token_usage_events'::regclass and child.relname ~ '^token_usage_events_[0-9]{8}$'
            """;

    private static final String DAYS_IN_DEFAULT = """
            select distinct (at at time zone 'UTC')::date::text from token_usage_events_default
            where at >= timestamptz '%s 00:00Z' and at < timestamptz '%s 00:00Z'
            """;

    // Events of the day that came too early wait in the default partition, and move. It is locked first: an event that
    // falls into it between the move and the attachment would forbid the attachment.
    private static final String CREATE = """
            lock table token_usage_events_default in access exclusive mode;
            create table %1$s (like token_usage_events including defaults including constraints);
            with moved as (
                delete from token_usage_events_default
                where at >= timestamptz '%2$s 00:00Z' and at < timestamptz '%3$s 00:00Z'
                returning *
            ) insert into %1$s select * from moved;
            alter table token_usage_events attach partition %1$s for values from ('%2$s 00:00Z') to ('%3$s 00:00Z');
            """;

    private static final String DROPPED_THROUGH = """
            delete from token_usage_events_default where at < timestamptz '%1$s 00:00Z';
            insert into usage_dropped as known (through) values (date '%1$s' - 1)
            on conflict (only_row) do update set through = greatest(known.through, excluded.through);
            """;

    private interface Step {
        void run(Statement statement) throws SQLException;
    }

    private final DataSource database;
    private final UsageConfig config;
    private final Clock clock;

    EventPartitions(DataSource database, UsageConfig config, Clock clock) {
        this.database = database;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(every = "1h", identity = "usage-partitions", concurrentExecution = ConcurrentExecution.SKIP)
    void keepUp() {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        try {
            keepUp(today, today.minusDays(config.retention().toDays()));
        } catch (RuntimeException e) {
            LOG.error("Partitions of usage events could not be kept up; events fall into the default partition", e);
        }
    }

    /** @param firstKept the oldest day whose events stay */
    void keepUp(LocalDate today, LocalDate firstKept) {
        for (var day : missing(today, firstKept)) {
            step(statement -> {
                if (!days(statement).contains(day)) {
                    statement.execute(CREATE.formatted(name(day), day, day.plusDays(1)));
                }
            });
        }
        step(statement -> drop(statement, firstKept));
    }

    private SortedSet<LocalDate> missing(LocalDate today, LocalDate firstKept) {
        var end = today.plusDays(config.partitionsAhead() + 1L);
        var missing = new TreeSet<LocalDate>();
        step(statement -> {
            today.datesUntil(end).forEach(missing::add);
            missing.addAll(dates(statement, DAYS_IN_DEFAULT.formatted(firstKept, end)));
            missing.removeAll(days(statement));
        });
        return missing;
    }

    private static void drop(Statement statement, LocalDate firstKept) throws SQLException {
        for (var day : days(statement).headSet(firstKept)) {
            statement.execute("drop table " + name(day));
            LOG.infof("Usage events of %s are past their retention and were dropped", day);
        }
        statement.execute(DROPPED_THROUGH.formatted(firstKept));
    }

    /** Runs the step in a transaction, unless another replica is at it. */
    private void step(Step step) {
        QuarkusTransaction.requiringNew().run(() -> {
            try (Connection connection = database.getConnection();
                    var statement = connection.createStatement()) {
                if (isOurs(statement)) {
                    // Rather late than in the way: everyone who writes events queues up behind a lock that waits.
                    statement.execute("set local lock_timeout = '2s'");
                    step.run(statement);
                }
            } catch (SQLException e) {
                throw new IllegalStateException("A step of keeping up partitions failed", e);
            }
        });
    }

    private static boolean isOurs(Statement statement) throws SQLException {
        try (var row = statement.executeQuery(ONE_REPLICA)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static SortedSet<LocalDate> days(Statement statement) throws SQLException {
        return dates(statement, DAYS);
    }

    private static SortedSet<LocalDate> dates(Statement statement, String sql) throws SQLException {
        var dates = new ArrayList<LocalDate>();
        try (var row = statement.executeQuery(sql)) {
            while (row.next()) {
                dates.add(LocalDate.parse(row.getString(1)));
            }
        }
        return new TreeSet<>(dates);
    }

    private static String name(LocalDate day) {
        return "token_usage_events_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
    }
}
