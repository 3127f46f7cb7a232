package dev.latchkey.keywatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Map;
import org.jboss.logging.Logger;

/** Raises what is suspicious, once a day for each key and reason. */
@ApplicationScoped
class Suspicions {

    private static final Logger LOG = Logger.getLogger(Suspicions.class);

    private final EntityManager database;
    private final AuditLog audit;
    private final Event<SuspiciousActivity> events;
    private final ObjectMapper json;
    private final Clock clock;

    Suspicions(
            EntityManager database, AuditLog audit, Event<SuspiciousActivity> events, ObjectMapper json, Clock clock) {
        this.database = database;
        this.audit = audit;
        this.events = events;
        this.json = json;
        this.clock = clock;
    }

    @Transactional
    void raise(SuspiciousActivity activity) {
        var now = clock.instant();
        var isNew = database.createNativeQuery("""
                        insert into keywatch_suspicions (credential_id, reason, day, at, details)
                        values (?1, ?2, cast(cast(?3 as timestamptz) at time zone 'UTC' as date), ?3, cast(?4 as jsonb))
                        on conflict do nothing""")
                        .setParameter(1, activity.credentialId())
                        .setParameter(2, activity.reason().word())
                        .setParameter(3, now)
                        .setParameter(4, write(activity.details()))
                        .executeUpdate()
                > 0;
        if (isNew) {
            LOG.warnf("Suspicious: %s of %s, %s", activity.reason().word(), activity.keyId(), activity.details());
            audit.record(AuditEntry.of(activity.tenantId(), "api_key.suspicious", "api_key", activity.keyId())
                    .with("reason", activity.reason().word())
                    .with("figures", activity.details()));
            events.fire(activity);
        }
    }

    private String write(Map<String, Object> details) {
        try {
            return json.writeValueAsString(details);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Figures are JSON", e);
        }
    }
}
