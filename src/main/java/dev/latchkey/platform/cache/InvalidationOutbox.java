package dev.latchkey.platform.cache;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Changes that are committed, and that Redis may not know yet: the table {@code platform_invalidations}. */
@ApplicationScoped
class InvalidationOutbox {

    static final int BATCH_MAX = 500;

    private static final int DELIVER_WITHIN_SECONDS = 10;

    private static final String ADD = "insert into platform_invalidations (cache, key, audience) values (?, ?, ?)";

    private static final String TAKE = """
            delete from platform_invalidations where id in (
                select id from platform_invalidations order by id for update skip locked limit %d)
            returning cache, key, audience
            """.formatted(BATCH_MAX);

    // Ten times the life of a cached value. Only what no replica could give to Redis gets that old; whoever trusted its
    // cache meanwhile has read it here, and whoever did not begins with an empty one.
    private static final String DROP =
            "delete from platform_invalidations where created_at < clock_timestamp() - interval '5 minutes'";

    private final DataSource database;

    InvalidationOutbox(DataSource database) {
        this.database = database;
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void add(Change change) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(ADD)) {
            statement.setString(1, change.cache());
            statement.setString(2, change.key());
            statement.setString(3, change.audience());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("A change of a cached value cannot be announced", e);
        }
    }

    /**
     * Hands over the next changes, each to one replica at a time, and forgets them if that went well.
     *
     * @param taker may get what it got before: when it took it, and the commit failed
     * @return how many; fewer than {@link #BATCH_MAX} if none is left
     */
    int deliver(Consumer<List<Change>> taker) {
        return QuarkusTransaction.requiringNew().timeout(DELIVER_WITHIN_SECONDS).call(() -> {
            try (var connection = database.getConnection()) {
                var changes = read(connection, TAKE);
                if (!changes.isEmpty()) {
                    taker.accept(changes);
                }
                return changes.size();
            }
        });
    }

    @Scheduled(every = "1m", delayed = "1m")
    @Transactional
    void dropOld() throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate(DROP);
        }
    }

    static List<Change> read(Connection connection, String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql);
                var row = statement.executeQuery()) {
            var changes = new ArrayList<Change>();
            while (row.next()) {
                changes.add(new Change(row.getString(1), row.getString(2), row.getString(3)));
            }
            return changes;
        }
    }
}
