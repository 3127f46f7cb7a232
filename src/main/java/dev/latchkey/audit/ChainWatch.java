package dev.latchkey.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Verifies each chain once in a while, on one replica or another, and links what older versions wrote. */
@ApplicationScoped
class ChainWatch {

    private static final Logger LOG = Logger.getLogger(ChainWatch.class);
    private static final int ADOPTED_AT_ONCE = 500;

    private static final String CLAIM = """
            insert into audit_verdicts as seen (chain, looked_at)
            select head.chain, now() from audit_chains as head left join audit_verdicts as last on last.chain = head.chain
            where last.looked_at is null or last.looked_at <= now() - make_interval(secs => ?)
            order by last.looked_at nulls first limit 1
            on conflict (chain) do update set looked_at = excluded.looked_at
                where seen.looked_at <= now() - make_interval(secs => ?)
            returning chain""";

    private static final String KEEP =
            "update audit_verdicts set checked = ?, problem_kind = ?, problem_position = ? where chain = ?";

    private static final String WITH_UNLINKED = "select distinct chain from audit_log where position is null";

    private static final String COUNTS = """
            select (select count(*) from audit_log where position is null),
                (select count(*) from audit_verdicts where problem_kind is not null)""";

    private final DataSource database;
    private final Chain chain;
    private final ChainKeys keys;
    private final Verification verification;
    private final AuditConfig config;
    private volatile double unlinked = Double.NaN;
    private volatile double broken = Double.NaN;

    ChainWatch(
            DataSource database,
            Chain chain,
            ChainKeys keys,
            Verification verification,
            AuditConfig config,
            MeterRegistry metrics) {
        this.database = database;
        this.chain = chain;
        this.keys = keys;
        this.verification = verification;
        this.config = config;
        Gauge.builder("latchkey_audit_unlinked", this, watch -> watch.unlinked)
                .description("Rows of the audit log that stand in no chain: written by an older version, or by hand")
                .register(metrics);
        Gauge.builder("latchkey_audit_chain_broken", this, watch -> watch.broken)
                .description("Chains of the audit log in which the last verification found a problem")
                .register(metrics);
    }

    @Scheduled(every = "1m", identity = "audit-adoption", concurrentExecution = ConcurrentExecution.SKIP)
    void adoptAll() throws SQLException {
        keys.load();
        for (var id : withUnlinked()) {
            var adopted = 0;
            for (var some = adopt(id); some > 0; some = adopt(id)) {
                adopted += some;
            }
            if (adopted > 0) {
                LOG.warnf(
                        "%d rows of the audit log were linked to chain %s after they were written: by an older version, or by hand",
                        adopted, id);
            }
        }
    }

    @Scheduled(
            every = "1m",
            delayed = "30s",
            identity = "audit-verification",
            concurrentExecution = ConcurrentExecution.SKIP)
    void verifyDue() throws SQLException {
        for (var due = claim(); due.isPresent(); due = claim()) {
            look(due.get());
        }
        count();
    }

    /** Verifies the chain, and tells the log and the metrics what it found. */
    void look(UUID id) throws SQLException {
        var verdict = verification.verify(id, 1, Optional.empty());
        var problem = verdict.problem();
        if (problem != null) {
            LOG.errorf(
                    "The audit log was tampered with: chain %s is %s at position %d (row %s): %s. See docs/operations.md",
                    id, problem.kind().word(), problem.position(), problem.id(), problem.detail());
        }
        keep(verdict, problem);
    }

    private int adopt(UUID id) {
        return QuarkusTransaction.requiringNew().call(() -> {
            try (var connection = database.getConnection()) {
                return chain.adopt(connection, id, ADOPTED_AT_ONCE);
            }
        });
    }

    private List<UUID> withUnlinked() throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(WITH_UNLINKED);
                var row = statement.executeQuery()) {
            var chains = new ArrayList<UUID>();
            while (row.next()) {
                chains.add(row.getObject(1, UUID.class));
            }
            return chains;
        }
    }

    // Two replicas at once claim one chain once: the second one finds it looked at.
    private Optional<UUID> claim() throws SQLException {
        var seconds = config.verifyEvery().toMillis() / 1000.0;
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(CLAIM)) {
            statement.setDouble(1, seconds);
            statement.setDouble(2, seconds);
            try (var row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
            }
        }
    }

    private void keep(Verdict verdict, Verdict.@Nullable Finding problem) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(KEEP)) {
            statement.setLong(1, verdict.checked());
            statement.setString(2, problem == null ? null : problem.kind().word());
            statement.setObject(3, problem == null ? null : problem.position());
            statement.setObject(4, verdict.chain());
            statement.executeUpdate();
        }
    }

    private void count() throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(COUNTS);
                var row = statement.executeQuery()) {
            row.next();
            unlinked = row.getLong(1);
            broken = row.getLong(2);
        }
    }
}
