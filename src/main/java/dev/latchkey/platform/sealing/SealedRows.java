package dev.latchkey.platform.sealing;

import dev.latchkey.platform.crypto.SealedTable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;

/** How many rows each key has sealed. */
@ApplicationScoped
class SealedRows {

    record Count(String table, long keyId, long rows) {}

    private final EntityManager database;
    private final List<SealedTable> tables;
    private final MultiGauge gauge;

    SealedRows(EntityManager database, @All List<SealedTable> tables, MeterRegistry metrics) {
        this.database = database;
        this.tables = tables;
        this.gauge = MultiGauge.builder("latchkey_sealed_rows").register(metrics);
    }

    @Transactional
    List<Count> count() {
        return tables.stream().flatMap(table -> count(table).stream()).toList();
    }

    @Scheduled(every = "1m", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @Transactional
    void measure() {
        gauge.register(
                count().stream()
                        .map(count -> MultiGauge.Row.of(
                                Tags.of("table", count.table(), "key_id", Long.toString(count.keyId())), count.rows()))
                        .toList(),
                true);
    }

    private List<Count> count(SealedTable table) {
        var rows = database.createNativeQuery(
                        "select key_id, count(*) from " + table.name() + " where key_id is not null group by key_id")
                .getResultList();
        var counts = new ArrayList<Count>();
        for (var row : rows) {
            var columns = (Object[]) row;
            counts.add(new Count(table.name(), ((Number) columns[0]).longValue(), ((Number) columns[1]).longValue()));
        }
        return counts;
    }
}
