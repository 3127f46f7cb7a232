package dev.latchkey.usage;

import dev.latchkey.platform.cluster.ClusterLock;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Forgets which chunks were written, when none of them can be in any stream any more. Every hour, one replica. */
@ApplicationScoped
class ChunkForgetting {

    private static final int WITHIN_SECONDS = 600;
    private static final String FORGET = "delete from usage_chunks where at < now() - make_interval(secs => ?)";

    private final DataSource database;
    private final ClusterLock lock;
    private final UsageConfig config;

    ChunkForgetting(DataSource database, ClusterLock lock, UsageConfig config) {
        this.database = database;
        this.lock = lock;
        this.config = config;
    }

    @Scheduled(every = "1h", delayed = "5m", identity = "usage-chunks", concurrentExecution = ConcurrentExecution.SKIP)
    void forget() {
        QuarkusTransaction.requiringNew().timeout(WITHIN_SECONDS).run(() -> {
            if (lock.tryTake("usage.chunks")) {
                delete();
            }
        });
    }

    private void delete() {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(FORGET)) {
            statement.setDouble(1, config.rememberChunks().toSeconds());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Chunks of usage cannot be forgotten", e);
        }
    }
}
