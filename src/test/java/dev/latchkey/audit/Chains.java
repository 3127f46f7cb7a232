package dev.latchkey.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.local.TestServices;
import dev.latchkey.platform.cluster.ClusterLock;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** Chains of their own for tests, and someone who changes them by hand. */
@ApplicationScoped
class Chains {

    private final AuditLog audit;
    private final Checkpoints checkpoints;
    private final Verification verification;
    private final ClusterLock lock;

    Chains(AuditLog audit, Checkpoints checkpoints, Verification verification, ClusterLock lock) {
        this.audit = audit;
        this.checkpoints = checkpoints;
        this.verification = verification;
        this.lock = lock;
    }

    /** A new tenant's chain, each row written in a transaction of its own; the last one has a checkpoint. */
    UUID ofRows(int count) {
        var tenant = UUID.randomUUID();
        // The scheduled job would sign an earlier end, and the last one only much later.
        QuarkusTransaction.requiringNew().run(() -> {
            lock.take("audit.checkpoints");
            for (var i = 1; i <= count; i++) {
                record(tenant);
            }
        });
        awaitCheckpoint(tenant, count);
        return tenant;
    }

    void record(UUID tenant) {
        QuarkusTransaction.requiringNew().run(() -> audit.record(entry(tenant)));
    }

    static AuditEntry entry(UUID tenant) {
        return AuditEntry.of(tenant, "token.updated", "token", UUID.randomUUID())
                .with("name", "Zoë's \"own\"")
                .with("limit", 1.50);
    }

    Verdict verify(UUID tenant) {
        return verification.verify(tenant, 1, Optional.empty());
    }

    void assertIntact(UUID tenant, long rows) {
        var verdict = verify(tenant);
        assertTrue(verdict.valid(), verdict::toString);
        assertEquals(rows, verdict.checked());
    }

    void assertBroken(UUID tenant, Verdict.Kind kind, long position) {
        var problem = Optional.ofNullable(verify(tenant).problem()).orElseThrow();
        assertEquals(kind + " at " + position, problem.kind() + " at " + problem.position(), problem::toString);
    }

    // The scheduled job may hold the lock at this moment, and do it instead.
    void awaitCheckpoint(UUID tenant, long position) {
        for (var tries = 0; tries < 200; tries++) {
            checkpoints.makeDue();
            if (checkpoints
                    .latest(tenant)
                    .filter(latest -> latest.head().position() == position)
                    .isPresent()) {
                return;
            }
            pause();
        }
        throw new AssertionError("no checkpoint");
    }

    static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What the owner of the tables can do: triggers and constraints do not stop them. The first {@code ?}s are the parameters. */
    static int byHand(String sql, Object... parameters) {
        try (var connection = TestServices.postgres().getConnection();
                var session = connection.createStatement();
                var statement = connection.prepareStatement(sql)) {
            session.execute("set session_replication_role = replica");
            for (var i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the first row, as text. */
    static String value(String sql, Object... parameters) {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            var row = statement.executeQuery();
            row.next();
            return String.valueOf(row.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
