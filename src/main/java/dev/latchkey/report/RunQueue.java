package dev.latchkey.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.id.Uuid7;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The unfinished runs, as workers see them. Each act is one statement, and one that is made under a lease does nothing unless the lease
 * is still that of the run.
 */
@ApplicationScoped
class RunQueue {

    /**
     * A run in the hands of one worker.
     *
     * @param lease known to nobody else; another one takes its place when the run is taken away
     */
    record Claim(UUID runId, UUID tenantId, UUID lease) {}

    private static final String CLAIM = """
            update audit_runs set status = 'running', progress = 0, attempts = attempts + 1, lease_owner = ?,
                due_at = now() + make_interval(secs => ?), started_at = coalesce(started_at, now())
            where id = (
                select id from audit_runs
                where status in ('queued', 'running') and due_at <= now() and attempts < ?
                order by id limit 1 for update skip locked)
            returning id, tenant_id
            """;

    private static final String RENEW = """
            update audit_runs set progress = ?, due_at = now() + make_interval(secs => ?)
            where id = ? and lease_owner = ?
            """;

    private static final String COMPLETE = """
            update audit_runs set status = 'completed', progress = 100, lease_owner = null, completed_at = now(),
                findings_high = ?, findings_medium = ?, findings_low = ?, findings_info = ?, result = ?::jsonb
            where id = ? and lease_owner = ?
            """;

    private static final String TRY_LATER = """
            update audit_runs set status = 'queued', progress = 0, lease_owner = null,
                due_at = now() + make_interval(secs => ?)
            where id = ? and lease_owner = ?
            """;

    private static final String GIVE_BACK = """
            update audit_runs set status = 'queued', progress = 0, lease_owner = null, due_at = now(),
                attempts = attempts - 1
            where id = ? and lease_owner = ?
            """;

    // Those that failed are queued, and those whose worker died are running: both end here when no attempt is left.
    private static final String GIVE_UP = """
            update audit_runs set status = 'failed', lease_owner = null, completed_at = now(),
                error = case status
                    when 'queued' then format('The audit failed %s times. Its operator finds the reason in the log.', attempts)
                    else format('The audit was interrupted %s times.', attempts) end
            where id in (
                select id from audit_runs
                where status in ('queued', 'running') and due_at <= now() and attempts >= ?
                for update skip locked)
            """;

    private static final String FORGET = "delete from audit_runs where completed_at < now() - make_interval(secs => ?)";

    private final DataSource database;
    private final ReportConfig config;
    private final ObjectMapper json;

    RunQueue(DataSource database, ReportConfig config, ObjectMapper json) {
        this.database = database;
        this.config = config;
        this.json = json;
    }

    /** Takes up the oldest run that is due and that no other worker has. */
    Optional<Claim> claim() {
        var lease = Uuid7.next();
        try (var connection = database.getConnection();
                var statement = prepare(connection, CLAIM, lease, seconds(config.lease()), config.attemptsMax());
                var row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(new Claim(row.getObject(1, UUID.class), row.getObject(2, UUID.class), lease))
                    : Optional.empty();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** @return whether the run is still in these hands */
    boolean renew(Claim claim, int progress) {
        return update(RENEW, progress, seconds(config.lease()), claim.runId(), claim.lease()) == 1;
    }

    /** @return whether the report was kept: not if the run was taken away */
    boolean complete(Claim claim, AuditReport report) {
        var summary = report.summary();
        return update(
                        COMPLETE,
                        summary.high(),
                        summary.medium(),
                        summary.low(),
                        summary.info(),
                        write(report),
                        claim.runId(),
                        claim.lease())
                == 1;
    }

    /** After a failure. */
    boolean tryLater(Claim claim) {
        return update(TRY_LATER, seconds(config.retryAfter()), claim.runId(), claim.lease()) == 1;
    }

    /** After being told to stop: it was nobody's fault, and does not count as an attempt. */
    boolean giveBack(Claim claim) {
        return update(GIVE_BACK, claim.runId(), claim.lease()) == 1;
    }

    /** Ends the runs that were tried often enough. */
    int giveUp() {
        return update(GIVE_UP, config.attemptsMax());
    }

    /** Deletes the finished runs that are past their retention. */
    int forget() {
        return update(FORGET, seconds(config.retention()));
    }

    private int update(String sql, Object... parameters) {
        try (var connection = database.getConnection();
                var statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (var i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    private String write(AuditReport report) {
        try {
            return json.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Reports are always JSON", e);
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static IllegalStateException failed(SQLException cause) {
        return new IllegalStateException("The queue of audits cannot be reached", cause);
    }
}
