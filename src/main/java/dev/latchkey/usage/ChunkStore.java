package dev.latchkey.usage;

import dev.latchkey.chunk.DecidedChunk;
import dev.latchkey.chunk.Fold;
import dev.latchkey.credit.CreditLedger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** Writes chunks to PostgreSQL, each once however often it comes, with the credits that they spent. */
@ApplicationScoped
class ChunkStore {

    /** A chunk that PostgreSQL will never take, and why. */
    record Refused(DecidedChunk chunk, String reason) {
        int uses() {
            return chunk.chunk().uses().size();
        }
    }

    // Whoever writes the same chunk at the same time waits here until the other one has committed, and then finds it
    // there; if the other one fails, it is new. In the order of ids, so that nobody waits in a circle.
    private static final String NEW = """
            insert into usage_chunks (id) select id from unnest(?) as chunk (id) order by id
            on conflict do nothing returning id
            """;

    private final DataSource database;
    private final CreditLedger ledger;
    private final Timer batches;

    ChunkStore(DataSource database, CreditLedger ledger, MeterRegistry metrics) {
        this.database = database;
        this.ledger = ledger;
        this.batches = EventStore.batches(metrics);
    }

    /**
     * Writes the chunks, all of them in one transaction. One that PostgreSQL refuses for what is in it does not keep the others back.
     *
     * @return the chunks that were refused; writing them again is of no use
     * @throws SQLException if PostgreSQL is away or fails; then the same chunks should come again
     */
    List<Refused> add(Collection<DecidedChunk> chunks) throws SQLException {
        if (chunks.isEmpty()) {
            return List.of();
        }
        var sample = Timer.start();
        try {
            insert(chunks);
            return List.of();
        } catch (SQLException e) {
            if (EventStore.isRetryable(e)) {
                throw e;
            }
            return addEach(chunks);
        } finally {
            sample.stop(batches);
        }
    }

    private List<Refused> addEach(Collection<DecidedChunk> chunks) throws SQLException {
        var refused = new ArrayList<Refused>();
        for (var chunk : chunks) {
            try {
                insert(List.of(chunk));
            } catch (SQLException e) {
                if (EventStore.isRetryable(e)) {
                    throw e;
                }
                refused.add(new Refused(chunk, "PostgreSQL refused it with " + e.getSQLState()));
            }
        }
        return refused;
    }

    // The connection is no part of a transaction that others began: a chunk is all there, or not at all.
    private void insert(Collection<DecidedChunk> chunks) throws SQLException {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                write(connection, chunks);
                connection.commit();
            } catch (SQLException | RuntimeException | Error e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private void write(Connection connection, Collection<DecidedChunk> chunks) throws SQLException {
        var byId = new HashMap<UUID, DecidedChunk>();
        chunks.forEach(chunk -> byId.putIfAbsent(chunk.chunk().id(), chunk));
        byId.keySet().retainAll(newOnes(connection, byId.keySet()));
        if (!byId.isEmpty()) {
            var fold = Fold.of(byId.values());
            FoldTables.write(connection, fold);
            ledger.commit(connection, fold.movements());
        }
    }

    private static Set<UUID> newOnes(Connection connection, Set<UUID> ids) throws SQLException {
        try (var statement = connection.prepareStatement(NEW)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            try (var row = statement.executeQuery()) {
                var found = new HashSet<UUID>();
                while (row.next()) {
                    found.add(row.getObject(1, UUID.class));
                }
                return found;
            }
        }
    }
}
