package dev.latchkey.report;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code audit_runs}, without its report and its lease. Written here once; workers write through {@code RunQueue}. */
@Entity
@Table(name = "audit_runs")
class AuditRun extends PanacheEntityBase {

    /** The one kind there is. */
    static final String CREDENTIALS = "credentials";

    /** Fired in the transaction that queues a run. */
    record Queued(UUID runId) {}

    enum Status {
        QUEUED,
        RUNNING,
        COMPLETED,
        FAILED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Status> find(String word) {
            return Arrays.stream(values())
                    .filter(status -> status.word().equals(word))
                    .findFirst();
        }
    }

    @Id
    UUID id;

    UUID tenantId;
    String kind;
    String status;
    int progress;
    UUID createdBy;
    Instant createdAt;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant completedAt;

    int findingsHigh;
    int findingsMedium;
    int findingsLow;
    int findingsInfo;

    @Nullable
    String error;

    static Optional<AuditRun> find(UUID tenantId, UUID id) {
        return find("tenantId = ?1 and id = ?2", tenantId, id).firstResultOptional();
    }

    static long countUnfinished(UUID tenantId) {
        return count("tenantId = ?1 and status in ('queued', 'running')", tenantId);
    }

    /** The report as JSON. Read apart, because it may be large and few look at it. */
    static Optional<String> findResult(UUID tenantId, UUID id) {
        List<?> found = getEntityManager()
                .createNativeQuery(
                        "select result::text from audit_runs where tenant_id = ?1 and id = ?2 and result is not null")
                .setParameter(1, tenantId)
                .setParameter(2, id)
                .getResultList();
        return found.stream().map(String.class::cast).findFirst();
    }
}
