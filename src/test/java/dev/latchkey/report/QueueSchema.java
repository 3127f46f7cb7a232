package dev.latchkey.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.latchkey.local.TestServices;
import dev.latchkey.platform.id.Uuid7;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;

/** The table of runs in a schema of its own, where no worker of the running service looks. */
final class QueueSchema {

    private static final Settings SETTINGS = new Settings(Duration.ofSeconds(60), 3);

    /** Only what the queue reads. */
    record Settings(Duration lease, int attemptsMax) implements ReportConfig {

        @Override
        public Thresholds thresholds() {
            return TestThresholds.usual();
        }

        @Override
        public int unfinishedMax() {
            return 10;
        }

        @Override
        public int findingsMax() {
            return 10;
        }

        @Override
        public Duration retention() {
            return Duration.ofDays(90);
        }

        @Override
        public Duration retryAfter() {
            return Duration.ofSeconds(10);
        }

        @Override
        public Duration lookEvery() {
            return Duration.ofSeconds(2);
        }
    }

    private final PGSimpleDataSource database;

    private QueueSchema(PGSimpleDataSource database) {
        this.database = database;
    }

    static QueueSchema create() throws SQLException, IOException {
        var name = "queue_" + Uuid7.next().toString().replace('-', '_');
        var settings = TestServices.settings();
        var database = new PGSimpleDataSource();
        database.setUrl(settings.get("quarkus.datasource.jdbc.url"));
        database.setUser(settings.get("quarkus.datasource.username"));
        database.setPassword(settings.get("quarkus.datasource.password"));
        database.setCurrentSchema(name);
        var schema = new QueueSchema(database);
        schema.execute("create schema " + name);
        schema.execute("create table tenants (id uuid primary key)");
        try (var migration = QueueSchema.class.getResourceAsStream("/db/migration/V0040__report_audit_runs.sql")) {
            schema.execute(new String(Objects.requireNonNull(migration).readAllBytes(), UTF_8));
        }
        return schema;
    }

    RunQueue queue() {
        return new RunQueue(database, SETTINGS, new ObjectMapper().registerModule(new JavaTimeModule()));
    }

    UUID queueRun() throws SQLException {
        var id = Uuid7.next();
        execute("insert into tenants (id) values ('%s') on conflict do nothing".formatted(SampleReport.TENANT));
        execute("""
                insert into audit_runs (id, tenant_id, kind, status, progress, created_by, created_at)
                values ('%s', '%s', 'credentials', 'queued', 0, '%s', now())
                """.formatted(id, SampleReport.TENANT, SampleReport.CREDENTIAL));
        return id;
    }

    /** As when its worker was killed, and long enough passed. */
    void letLeaseRunOut(UUID run) throws SQLException {
        execute("update audit_runs set due_at = now() - interval '1 second' where id = '%s'".formatted(run));
    }

    String value(String expression, UUID run) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select (%s)::text from audit_runs where id = '%s'".formatted(expression, run))) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }

    void execute(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
