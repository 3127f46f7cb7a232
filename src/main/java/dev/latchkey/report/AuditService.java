package dev.latchkey.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.http.Idempotency;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Clock;
import java.util.HashMap;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Queues and shows runs. Everything is looked for within the caller's tenant. */
@ApplicationScoped
class AuditService {

    /** What is to be examined. */
    record NewAudit(
            @NotNull @Pattern(regexp = AuditRun.CREDENTIALS, message = "must be credentials")
            String kind) {}

    /** The answer to it. */
    record QueuedAudit(UUID id, String status) {}

    private final EntityManager database;
    private final ReportConfig config;
    private final Idempotency idempotency;
    private final AuditLog audit;
    private final Event<AuditRun.Queued> queued;
    private final ObjectMapper json;
    private final Clock clock;

    AuditService(
            EntityManager database,
            ReportConfig config,
            Idempotency idempotency,
            AuditLog audit,
            Event<AuditRun.Queued> queued,
            ObjectMapper json,
            Clock clock) {
        this.database = database;
        this.config = config;
        this.idempotency = idempotency;
        this.audit = audit;
        this.queued = queued;
        this.json = json;
        this.clock = clock;
    }

    /** @throws Problem {@code too_many_runs} if the tenant has as many unfinished ones as it may */
    @Transactional
    QueuedAudit queue(Caller caller, NewAudit request, @Nullable String idempotencyKey) {
        return idempotency.once(
                idempotencyKey, caller, "audit.create", request, QueuedAudit.class, () -> queue(caller, request));
    }

    @Transactional
    AuditRunView get(Caller caller, UUID id) {
        return AuditRunView.of(find(caller, id));
    }

    @Transactional
    Page<AuditRunView> list(Caller caller, PageRequest page, Optional<AuditRun.Status> status) {
        var where = new StringBuilder("tenantId = :tenant");
        var parameters = new HashMap<String, Object>();
        parameters.put("tenant", caller.tenantId());
        page.after().ifPresent(after -> {
            where.append(" and id < :after");
            parameters.put("after", after);
        });
        status.ifPresent(wanted -> {
            where.append(" and status = :status");
            parameters.put("status", wanted.word());
        });
        var rows = AuditRun.<AuditRun>find(where + " order by id desc", parameters)
                .range(0, page.limit())
                .list();
        return page.page(rows, run -> run.id, AuditRunView::of);
    }

    /** @throws Problem {@code conflict} if there is no report, or not yet */
    @Transactional
    AuditReport report(Caller caller, UUID id) {
        var run = find(caller, id);
        return AuditRun.findResult(caller.tenantId(), id).map(this::read).orElseThrow(() -> new Problem(
                        CommonProblem.CONFLICT, "There is no report of an audit that is " + run.status)
                .with("audit_status", run.status));
    }

    private QueuedAudit queue(Caller caller, NewAudit request) {
        lock(caller.tenantId());
        if (AuditRun.countUnfinished(caller.tenantId()) >= config.unfinishedMax()) {
            throw new Problem(
                    ReportProblem.TOO_MANY_RUNS,
                    "A tenant may have " + config.unfinishedMax() + " audits that are not finished; wait for one");
        }
        var run = new AuditRun();
        run.id = Uuid7.next();
        run.tenantId = caller.tenantId();
        run.kind = request.kind();
        run.status = AuditRun.Status.QUEUED.word();
        run.createdBy = caller.userId().orElse(caller.id());
        run.createdAt = clock.instant();
        run.persist();
        audit.record(AuditEntry.of(run.tenantId, "audit_run.queued", "audit_run", run.id)
                .with("kind", run.kind));
        queued.fire(new AuditRun.Queued(run.id));
        return new QueuedAudit(run.id, run.status);
    }

    // Two requests at once would both count one too few. Held until the transaction ends.
    private void lock(UUID tenantId) {
        database.createNativeQuery("select pg_advisory_xact_lock(hashtextextended(?1, 0))")
                .setParameter(1, "latchkey.report." + tenantId)
                .getSingleResult();
    }

    private static AuditRun find(Caller caller, UUID id) {
        return AuditRun.find(caller.tenantId(), id).orElseThrow(Problem::notFound);
    }

    // A report may be older than this version, and hold what we do not know any more.
    private AuditReport read(String text) {
        try {
            return json.readerFor(AuditReport.class)
                    .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A kept report cannot be read", e);
        }
    }
}
