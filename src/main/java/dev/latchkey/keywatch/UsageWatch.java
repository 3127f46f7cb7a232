package dev.latchkey.keywatch;

import dev.latchkey.keywatch.SuspiciousActivity.Reason;
import dev.latchkey.platform.cluster.ClusterLock;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Compares what keys did in the last minutes with what they used to do. Once a minute, by one replica. */
@ApplicationScoped
class UsageWatch {

    private static final Duration LATELY = Duration.ofMinutes(5);
    private static final int MANY_REFUSALS = 20;
    // Fewer calls are no spike, whatever was before.
    private static final int LEAST_OF_A_SPIKE = 100;
    private static final int TIMES_AS_MANY = 10;

    // The history is that of the seven days before today; a key without one has nothing to be compared with.
    private static final String UNUSUAL = """
            with lately as (
                select credential_id, sum(calls) as calls, coalesce(sum(calls) filter (where status = 403), 0) as refused
                from token_usage_events
                where at > ?1 and kind in ('api_key', 'derived_token', 'v1_key')
                group by credential_id
            ), usual as (
                select aggregate.credential_id, sum(aggregate.requests) / count(distinct aggregate.day) / 288.0 as calls
                from usage_aggregates as aggregate join lately using (credential_id)
                where aggregate.day between cast(cast(?1 as timestamptz) at time zone 'UTC' as date) - 7
                    and cast(cast(?1 as timestamptz) at time zone 'UTC' as date) - 1
                group by aggregate.credential_id
            )
            select key.tenant_id, key.id, key.key_id, lately.calls, lately.refused, usual.calls as usual
            from lately
            join (select tenant_id, id, key_id from api_keys union all select tenant_id, id, key_id from v1_keys) as key
                on key.id = lately.credential_id
            left join usual on usual.credential_id = lately.credential_id
            where lately.refused >= ?2 or lately.calls >= ?3 and lately.calls >= ?4 * usual.calls
            """;

    private final EntityManager database;
    private final ClusterLock lock;
    private final Suspicions suspicions;
    private final Clock clock;

    UsageWatch(EntityManager database, ClusterLock lock, Suspicions suspicions, Clock clock) {
        this.database = database;
        this.lock = lock;
        this.suspicions = suspicions;
        this.clock = clock;
    }

    @Scheduled(every = "1m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @Transactional
    void look() {
        if (!lock.tryTake("keywatch.usage")) {
            return;
        }
        @SuppressWarnings("unchecked")
        List<Object[]> found = database.createNativeQuery(UNUSUAL)
                .setParameter(1, clock.instant().minus(LATELY))
                .setParameter(2, MANY_REFUSALS)
                .setParameter(3, LEAST_OF_A_SPIKE)
                .setParameter(4, TIMES_AS_MANY)
                .getResultList();
        found.forEach(this::judge);
    }

    private void judge(Object[] row) {
        var calls = ((Number) row[3]).longValue();
        var refused = ((Number) row[4]).longValue();
        if (refused >= MANY_REFUSALS) {
            raise(row, Reason.MANY_REFUSALS, Map.of("refused", refused, "within_seconds", LATELY.toSeconds()));
        }
        if (row[5] instanceof BigDecimal usual
                && calls >= LEAST_OF_A_SPIKE
                && calls >= TIMES_AS_MANY * usual.doubleValue()) {
            raise(
                    row,
                    Reason.SPIKE,
                    Map.of("calls", calls, "usual", usual.doubleValue(), "within_seconds", LATELY.toSeconds()));
        }
    }

    private void raise(Object[] row, Reason reason, Map<String, Object> details) {
        suspicions.raise(new SuspiciousActivity((UUID) row[0], (UUID) row[1], (String) row[2], reason, details));
    }
}
