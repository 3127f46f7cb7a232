package dev.latchkey.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.http.CurrentRequest;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.id.Uuid7;
import io.quarkus.arc.Arc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;

/** Appends to the audit log. */
@ApplicationScoped
public class AuditLog {

    private final EntityManager database;
    private final CurrentCaller currentCaller;
    private final CurrentRequest currentRequest;
    private final ObjectMapper json;
    private final Clock clock;

    AuditLog(
            EntityManager database,
            CurrentCaller currentCaller,
            CurrentRequest currentRequest,
            ObjectMapper json,
            Clock clock) {
        this.database = database;
        this.currentCaller = currentCaller;
        this.currentRequest = currentRequest;
        this.json = json;
        this.clock = clock;
    }

    /** Writes the entry in the caller's transaction: if the act is rolled back, so is its record. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void record(AuditEntry entry) {
        var request = currentRequest.find();
        var caller = caller();
        database.createNativeQuery("""
                        insert into audit_log (id, at, tenant_id, actor_kind, actor_id, actor_user, action, subject_kind,
                            subject_id, address, request_id, details)
                        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, cast(?12 as jsonb))""")
                .setParameter(1, Uuid7.next())
                .setParameter(2, clock.instant())
                .setParameter(3, entry.tenantId())
                .setParameter(4, actorKind(caller, request))
                .setParameter(5, caller.map(Caller::id).orElse(null))
                .setParameter(6, caller.flatMap(Caller::userId).orElse(null))
                .setParameter(7, entry.action())
                .setParameter(8, entry.subjectKind())
                .setParameter(9, entry.subjectId())
                .setParameter(10, request.map(RequestFacts::address).orElse(null))
                .setParameter(11, request.map(RequestFacts::id).orElse(null))
                .setParameter(12, details(entry))
                .executeUpdate();
    }

    private Optional<Caller> caller() {
        return Arc.container().requestContext().isActive() ? currentCaller.find() : Optional.empty();
    }

    private static String actorKind(Optional<Caller> caller, Optional<RequestFacts> request) {
        return caller.map(known -> known.kind().word()).orElse(request.isPresent() ? "anonymous" : "system");
    }

    private String details(AuditEntry entry) {
        try {
            return json.writeValueAsString(entry.details());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Details of " + entry.action() + " are no JSON", e);
        }
    }
}
