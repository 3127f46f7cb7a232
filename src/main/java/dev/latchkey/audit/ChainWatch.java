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

    // Whatever tells of a chain: one whose end was taken away, or that is empty, is looked at too. Once for each chain,
    // not for each row.
    private static final String ENROL = """
            insert into audit_verdicts (chain, looked_at)
            with recursive logged(chain) as (
                (select chain from audit_log order by chain limit 1)
                union all
                select (select later.chain from audit_log as later where later.chain > logged.chain order by later.chain limit 1)
                from logged where logged.chain is not null
            ), signed(chain) as (
                (select chain from audit_checkpoints order by chain limit 1)
                union all
                select (select later.chain from audit_checkpoints as later where later.chain > signed.chain order by later.chain limit 1)
                from signed where signed.chain is not null
            )
            select chain, '-infinity' from (
                select chain from audit_chains union select chain from logged union select chain from signed union select id from tenants
            ) as known where chain is not null
            on conflict do nothing""";

    // A look in the future was written by hand. Two replicas at once claim one chain once: the second one passes it by.
    private static final String CLAIM = """
            update audit_verdicts set looked_at = now() where chain = (
                select chain from audit_verdicts
                where looked_at <= now() - make_interval(secs => ?) or looked_at > now() + interval '1 minute'
                order by looked_at limit 1 for update skip locked)
            returning chain""";

    private static final String RELEASE = "update audit_verdicts set looked_at = '-infinity' where chain = ?";

    private static final String KEEP =
            "update audit_verdicts set checked = ?, problem_kind = ?, problem_position = ?, problems = ? where chain = ?";

    private static final String WITH_UNLINKED = "select distinct chain from audit_log where position is null";

    private static final String COUNTS = """
            select (select count(*) from audit_log where position is null),
                (select count(*) from audit_verdicts where problem_kind is not null),
                (select coalesce(sum(problems), 0) from audit_verdicts where problem_kind is not null)""";

    private final DataSource database;
    private final Chain chain;
    private final ChainKeys keys;
    private final Verification verification;
    private final AuditConfig config;
    private volatile double unlinked = Double.NaN;
    private volatile double broken = Double.NaN;
    private volatile double breaks = Double.NaN;

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
        Gauge.builder("latchkey_audit_breaks", this, watch -> watch.breaks)
                .description("Places in which the last verifications found chains of the audit log broken")
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
        change(ENROL);
        var failed = new ArrayList<UUID>();
        try {
            for (var due = claim(); due.isPresent(); due = claim()) {
                if (!isSeen(due.get())) {
                    failed.add(due.get());
                }
            }
        } finally {
            // Only now, lest it is claimed again at once, and without end.
            for (var id : failed) {
                change(RELEASE, id);
            }
        }
        count();
    }

    // What stands in the way of one look must not stand in the way of the others.
    private boolean isSeen(UUID id) {
        try {
            look(id);
            return true;
        } catch (SQLException | RuntimeException e) {
            LOG.errorf(e, "Chain %s of the audit log could not be verified; it is looked at again within a minute", id);
            return false;
        }
    }

    /** Verifies the chain, and tells the log and the metrics what it found. */
    void look(UUID id) throws SQLException {
        var whole = verification.whole(id, page -> {});
        for (var problem : whole.findings()) {
            LOG.errorf(
                    "The audit log was tampered with: chain %s is %s at position %d (row %s): %s. See docs/operations.md",
                    id, problem.kind().word(), problem.position(), problem.id(), problem.detail());
        }
        if (whole.problems() > whole.findings().size()) {
            LOG.errorf("The audit log was tampered with: chain %s has %d problems in all", id, whole.problems());
        }
        var problem = whole.verdict().problem();
        change(
                KEEP,
                whole.verdict().checked(),
                problem == null ? null : problem.kind().word(),
                problem == null ? null : problem.position(),
                whole.problems(),
                id);
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

    private Optional<UUID> claim() throws SQLException {
        var seconds = config.verifyEvery().toMillis() / 1000.0;
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(CLAIM)) {
            statement.setDouble(1, seconds);
            try (var row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
            }
        }
    }

    private void change(String sql, @Nullable Object... values) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
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
            breaks = row.getLong(3);
        }
    }
}
