package dev.latchkey.usage;

import dev.latchkey.platform.cluster.ClusterLock;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Forgets which chunks were written, 7 days later: none of them is in any stream by then. Every hour, one replica. */
@ApplicationScoped
class ChunkForgetting {

    private static final int WITHIN_SECONDS = 600;
    private static final String FORGET = "delete from usage_chunks where at < now() - interval '7 days'";

    private final DataSource database;
    private final ClusterLock lock;

    ChunkForgetting(DataSource database, ClusterLock lock) {
        this.database = database;
        this.lock = lock;
    }

    @Scheduled(
            every = "1h",
            delayed = "5m",
            identity = "usage-chunks",
            concurrentExecution = ConcurrentExecution.SKIP)
    void forget() {
        QuarkusTransaction.requiringNew().timeout(WITHIN_SECONDS).run(() -> {
            if (lock.tryTake("usage.chunks")) {
                delete();
            }
        });
    }

    private void delete() {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate(FORGET);
        } catch (SQLException e) {
            throw new IllegalStateException("Chunks of usage cannot be forgotten", e);
        }
    }
}
