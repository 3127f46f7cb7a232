package dev.latchkey.platform.sealing;

import dev.latchkey.platform.crypto.Sealed;
import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.UnreadableSealException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/** Seals anew, with the primary key, what another key sealed: while the service runs, a few rows in each transaction. */
@ApplicationScoped
class Resealing {

    private static final Logger LOG = Logger.getLogger(Resealing.class);
    private static final int BATCH = 100;

    private final EntityManager database;
    private final Sealer sealer;
    private final List<SealedTable> tables;
    private final Counter resealed;
    private final AtomicInteger unreadable = new AtomicInteger();

    Resealing(EntityManager database, Sealer sealer, @All List<SealedTable> tables, MeterRegistry metrics) {
        this.database = database;
        this.sealer = sealer;
        this.tables = tables;
        this.resealed = metrics.counter("latchkey_resealed_rows");
        metrics.gauge("latchkey_unreadable_seals", unreadable);
    }

    /**
     * Goes once through all tables. Replicas share the work: a row that another one holds is skipped. A row that cannot be opened stays as
     * it is, is logged, and shows in the metric {@code latchkey_unreadable_seals}.
     */
    @Scheduled(every = "1m", delayed = "20s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void run() {
        var failed = tables.stream().mapToInt(this::reseal).sum();
        if (failed > 0) {
            LOG.errorf(
                    "%d rows with stored secrets cannot be read, and are left as they are (DEBUG names them)", failed);
        }
        unreadable.set(failed);
    }

    /** How many rows cannot be opened. */
    private int reseal(SealedTable table) {
        var failed = 0;
        var batch = batch(table, Optional.empty());
        while (!batch.isEmpty()) {
            failed += (int) batch.stream().filter(row -> !row.opened()).count();
            batch = batch(table, Optional.of(batch.getLast().key()));
        }
        return failed;
    }

    private record Looked(Object key, boolean opened) {}

    private List<Looked> batch(SealedTable table, Optional<Object> last) {
        return QuarkusTransaction.requiringNew().call(() -> rows(table, last).stream()
                .map(row -> new Looked(row[0], reseal(table, row)))
                .toList());
    }

    private List<Object[]> rows(SealedTable table, Optional<Object> last) {
        var query = database.createNativeQuery(
                        "select %1$s, key_id, %2$s from %3$s where key_id <> ?1 %4$s order by %1$s limit ?2 for update skip locked"
                                .formatted(
                                        table.key(),
                                        String.join(", ", table.columns()),
                                        table.name(),
                                        last.isPresent() ? "and " + table.key() + " > ?3" : ""))
                .setParameter(1, sealer.primaryKeyId())
                .setParameter(2, BATCH);
        last.ifPresent(key -> query.setParameter(3, key));
        var rows = new ArrayList<Object[]>();
        for (var row : query.getResultList()) {
            rows.add((Object[]) row);
        }
        return rows;
    }

    private boolean reseal(SealedTable table, Object[] row) {
        try {
            var keyId = ((Number) row[1]).longValue();
            var fresh = new LinkedHashMap<String, byte[]>();
            for (var i = 0; i < table.columns().size(); i++) {
                if (row[i + 2] instanceof byte[] ciphertext) {
                    var place = table.place(table.columns().get(i), row[0]);
                    var secret = sealer.open(new Sealed(ciphertext, keyId), place);
                    fresh.put(table.columns().get(i), sealer.seal(secret, place).ciphertext());
                }
            }
            update(table, row[0], fresh);
            resealed.increment();
            return true;
        } catch (UnreadableSealException e) {
            LOG.debug("A stored secret cannot be read, and is left as it is", e);
            return false;
        }
    }

    private void update(SealedTable table, Object key, Map<String, byte[]> ciphertexts) {
        var columns = List.copyOf(ciphertexts.keySet());
        var assignments = IntStream.range(0, columns.size())
                .mapToObj(i -> ", " + columns.get(i) + " = ?" + (i + 3))
                .collect(Collectors.joining());
        var update = database.createNativeQuery(
                        "update %s set key_id = ?1%s where %s = ?2".formatted(table.name(), assignments, table.key()))
                .setParameter(1, sealer.primaryKeyId())
                .setParameter(2, key);
        for (var i = 0; i < columns.size(); i++) {
            update.setParameter(i + 3, ciphertexts.get(columns.get(i)));
        }
        update.executeUpdate();
    }
}
