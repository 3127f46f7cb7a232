package dev.latchkey.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One act.
 *
 * @param tenantId whose things were acted on; null for the installation's own
 * @param action a feature and a past participle, such as {@code token.created}
 * @param details before and after, without secrets
 */
public record AuditEntry(
        @Nullable UUID tenantId, String action, String subjectKind, String subjectId, Map<String, Object> details) {

    public static AuditEntry of(@Nullable UUID tenantId, String action, String subjectKind, Object subjectId) {
        return new AuditEntry(tenantId, action, subjectKind, subjectId.toString(), new LinkedHashMap<>());
    }

    public AuditEntry with(String name, Object value) {
        details.put(name, value);
        return this;
    }
}
