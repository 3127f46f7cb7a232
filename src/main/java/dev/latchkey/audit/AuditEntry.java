package dev.latchkey.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One act.
 *
 * @param tenantId whose things were acted on; null for the installation's own
 * @param action a feature and a past participle, such as {@code token.created}
 * @param details what is worth knowing of it, without secrets
 */
public record AuditEntry(
        @Nullable UUID tenantId,
        String action,
        String subjectKind,
        String subjectId,
        Map<String, @Nullable Object> details) {

    public static AuditEntry of(@Nullable UUID tenantId, String action, String subjectKind, Object subjectId) {
        return new AuditEntry(tenantId, action, subjectKind, subjectId.toString(), new LinkedHashMap<>());
    }

    public AuditEntry with(String name, @Nullable Object value) {
        details.put(name, value);
        return this;
    }

    /** Adds what the act changed, as {@code before} and {@code after}; both maps have the same names. */
    public AuditEntry changed(Map<String, ?> before, Map<String, ?> after) {
        var was = new LinkedHashMap<String, Object>(before);
        var is = new LinkedHashMap<String, Object>(after);
        before.forEach((name, value) -> {
            if (Objects.equals(value, after.get(name))) {
                was.remove(name);
                is.remove(name);
            }
        });
        return with("before", was).with("after", is);
    }
}
