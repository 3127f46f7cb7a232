package dev.latchkey.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.platform.cluster.ClusterLock;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/** Signs the ends of chains that grew, keeps the checkpoints, and writes each to the log: a copy that no SQL reaches. */
@ApplicationScoped
class Checkpoints {

    /** A signed statement of how a chain ended at a time. Who keeps one outside of our database can tell later whether history was changed. */
    record Checkpoint(ChainHead head, Instant at, String kid, byte[] signature) {

        /**
         * A checkpoint as others see it.
         *
         * @param chain the tenant's id, or the nil UUID
         * @param hash of the row at the position, in hexadecimal digits
         * @param signature Ed25519, as base64, over {@link #text}
         * @param publicKey what stands in a PEM file between its first and its last line
         */
        // Ends an export, where a native image does not see that it becomes JSON.
        @RegisterForReflection
        record View(
                UUID chain, long position, String hash, Instant at, String kid, String signature, String publicKey) {}

        static Checkpoint of(ChainHead head, Instant now, ChainKeys keys) {
            return new Checkpoint(head, now, keys.kid(), keys.sign(text(head, now)));
        }

        boolean isGenuine(ChainKeys keys) {
            return kid.equals(keys.kid()) && keys.isSigned(text(head, at), signature);
        }

        View view(ChainKeys keys) {
            return new View(
                    head.chain(),
                    head.position(),
                    HexFormat.of().formatHex(head.hash()),
                    at,
                    kid,
                    Base64.getEncoder().encodeToString(signature),
                    keys.publicKey());
        }

        // Lines of text, which a shell script can write too: docs/operations.md tells how.
        private static byte[] text(ChainHead head, Instant at) {
            return String.join(
                            "\n",
                            "latchkey-audit-checkpoint-1",
                            head.chain().toString(),
                            Long.toString(head.position()),
                            HexFormat.of().formatHex(head.hash()),
                            at.toString(),
                            "")
                    .getBytes(UTF_8);
        }
    }

    private static final Logger LOG = Logger.getLogger(Checkpoints.class);

    // Ends ahead of their last checkpoint, of chains that the last look found whole. Time is PostgreSQL's: a clock that
    // was set back would keep a chain from
    // being signed.
    private static final String DUE = """
            select head.chain, head.position, head.hash, head.mac from audit_chains as head
            left join lateral (
                select position, made_at from audit_checkpoints where chain = head.chain order by position desc limit 1
            ) as latest on true
            where head.position > coalesce(latest.position, 0)
                and (latest.made_at is null or latest.made_at <= now() - make_interval(secs => ?)
                    or head.position - latest.position >= ?)
                and not exists (select from audit_verdicts as seen where seen.chain = head.chain and seen.problem_kind is not null)
            limit 500""";

    private static final String KEEP = """
            insert into audit_checkpoints (chain, position, hash, at, kid, signature) values (?, ?, ?, ?, ?, ?)
            on conflict do nothing""";

    private static final String RANGE = """
            select chain, position, hash, at, kid, signature from audit_checkpoints
            where chain = ? and position > ? and position <= ? order by position""";

    private static final String LATEST = """
            select chain, position, hash, at, kid, signature from audit_checkpoints
            where chain = ? order by position desc limit 1""";

    private final DataSource database;
    private final ClusterLock lock;
    private final Chain chain;
    private final ChainKeys keys;
    private final AuditConfig config;
    private final Clock clock;

    Checkpoints(DataSource database, ClusterLock lock, Chain chain, ChainKeys keys, AuditConfig config, Clock clock) {
        this.database = database;
        this.lock = lock;
        this.chain = chain;
        this.keys = keys;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(
            every = "10s",
            delayed = "5s",
            identity = "audit-checkpoints",
            concurrentExecution = ConcurrentExecution.SKIP)
    void makeDue() {
        keys.load();
        QuarkusTransaction.requiringNew()
                .call(() -> lock.tryTake("audit.checkpoints") ? keepDue() : List.<Checkpoint>of())
                .forEach(this::log);
    }

    /** Signs the end as it is now. Kept by nobody but who asked. */
    Checkpoint sign(ChainHead head) {
        return Checkpoint.of(head, clock.instant(), keys);
    }

    /** Those after the one position and up to the other, in order. */
    List<Checkpoint> between(UUID chain, long after, long to) {
        return read(RANGE, chain, after, to);
    }

    Optional<Checkpoint> latest(UUID chain) {
        return read(LATEST, chain).stream().findFirst();
    }

    private List<Checkpoint> keepDue() {
        try (var connection = database.getConnection()) {
            var made = new ArrayList<Checkpoint>();
            for (var head : due(connection)) {
                made.add(sign(head));
            }
            keep(connection, made);
            return made;
        } catch (SQLException e) {
            throw new IllegalStateException("Checkpoints cannot be made", e);
        }
    }

    // An end that is not ours is not signed: the next writer, and each verification, says so.
    private List<ChainHead> due(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(DUE)) {
            statement.setDouble(1, config.checkpointEvery().toMillis() / 1000.0);
            statement.setLong(2, config.checkpointRows());
            var heads = new ArrayList<ChainHead>();
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    var head = new ChainHead(row.getObject(1, UUID.class), row.getLong(2), row.getBytes(3));
                    chain.trusted(head, row.getBytes(4)).ifPresent(heads::add);
                }
            }
            return heads;
        }
    }

    private static void keep(Connection connection, List<Checkpoint> made) throws SQLException {
        try (var statement = connection.prepareStatement(KEEP)) {
            for (var checkpoint : made) {
                statement.setObject(1, checkpoint.head().chain());
                statement.setLong(2, checkpoint.head().position());
                statement.setBytes(3, checkpoint.head().hash());
                statement.setObject(4, checkpoint.at().atOffset(ZoneOffset.UTC));
                statement.setString(5, checkpoint.kid());
                statement.setBytes(6, checkpoint.signature());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private List<Checkpoint> read(String sql, Object... parameters) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            var checkpoints = new ArrayList<Checkpoint>();
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    checkpoints.add(new Checkpoint(
                            new ChainHead(row.getObject(1, UUID.class), row.getLong(2), row.getBytes(3)),
                            row.getObject(4, OffsetDateTime.class).toInstant(),
                            row.getString(5),
                            row.getBytes(6)));
                }
            }
            return checkpoints;
        } catch (SQLException e) {
            throw new IllegalStateException("Checkpoints cannot be read", e);
        }
    }

    private void log(Checkpoint checkpoint) {
        var view = checkpoint.view(keys);
        LOG.infof(
                "Audit checkpoint chain=%s position=%d hash=%s at=%s kid=%s signature=%s",
                view.chain(), view.position(), view.hash(), view.at(), view.kid(), view.signature());
    }
}
