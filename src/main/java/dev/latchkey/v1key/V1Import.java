package dev.latchkey.v1key;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.keyrole.KeyRoles;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.hibernate.exception.ConstraintViolationException;

/** Takes over the keys of another system: all of a table or nothing. What is here already is left alone, so that a table may be sent again. */
@ApplicationScoped
class V1Import {

    /** @param skipped keys that are here already */
    record Result(int imported, int skipped, boolean dryRun) {}

    private final KeyRoles roles;
    private final ForeignKeys foreign;
    private final AuditLog audit;
    private final Clock clock;

    V1Import(KeyRoles roles, ForeignKeys foreign, AuditLog audit, Clock clock) {
        this.roles = roles;
        this.foreign = foreign;
        this.audit = audit;
        this.clock = clock;
    }

    /** @throws Problem {@code validation_failed}, naming each line and column that cannot be taken */
    Result run(Caller admin, List<ImportedKey> lines, boolean dryRun) {
        var result = QuarkusTransaction.requiringNew().call(() -> store(admin, lines, dryRun));
        foreign.look();
        return result;
    }

    private Result store(Caller admin, List<ImportedKey> lines, boolean dryRun) {
        var rows = new ImportCheck(roles, clock.instant()).rows(lines);
        var known = V1Key.<V1Key>list(
                        "keyId in ?1", rows.stream().map(row -> row.keyId).toList())
                .stream()
                .map(key -> key.keyId)
                .collect(Collectors.toSet());
        var fresh = rows.stream().filter(row -> !known.contains(row.keyId)).toList();
        if (!dryRun && !fresh.isEmpty()) {
            fresh.forEach(key -> {
                key.tenantId = admin.tenantId();
                key.persist();
            });
            flush();
            audit.record(AuditEntry.of(admin.tenantId(), "legacy_key.imported", "tenant", admin.tenantId())
                    .with("imported", fresh.size())
                    .with("skipped", known.size()));
        }
        return new Result(fresh.size(), known.size(), dryRun);
    }

    private static void flush() {
        try {
            V1Key.flush();
        } catch (ConstraintViolationException e) {
            throw new Problem(
                    CommonProblem.CONFLICT,
                    "A key with the same hash, or imported at this moment, is here under another key_id");
        }
    }
}
