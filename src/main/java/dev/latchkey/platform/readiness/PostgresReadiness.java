package dev.latchkey.platform.readiness;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** PostgreSQL is the truth: without it nothing that changes can be done. */
@Readiness
@ApplicationScoped
class PostgresReadiness implements HealthCheck {

    private static final int PATIENCE_SECONDS = 2;

    private static final Duration FRESH = Duration.ofSeconds(1);

    private final DataSource database;
    private long askedNanos;
    private boolean up;

    PostgresReadiness(DataSource database) {
        this.database = database;
    }

    /** Asked anew at most once a second: everyone may ask for health, and nobody may wear out the connections by it. */
    @Override
    public synchronized HealthCheckResponse call() {
        if (askedNanos == 0 || System.nanoTime() - askedNanos > FRESH.toNanos()) {
            up = answers();
            askedNanos = System.nanoTime();
        }
        return HealthCheckResponse.named("postgresql").status(up).build();
    }

    private boolean answers() {
        try (var connection = database.getConnection()) {
            return connection.isValid(PATIENCE_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }
}
