package dev.latchkey.botimport;

import static java.util.stream.Collectors.toMap;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.bot.BotRegistration;
import dev.latchkey.bot.BotSnapshot;
import dev.latchkey.botimport.ImportCheck.Registration;
import dev.latchkey.platform.bulk.JsonLines;
import dev.latchkey.platform.bulk.LineFaults;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Validator;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Takes over the bots of another service: all of a document or nothing. What is here already is left alone. */
@ApplicationScoped
class BotImport {

    /** @param skipped bots that are here already */
    record Result(int imported, int skipped, boolean dryRun) {}

    static final String THING = "bot";

    private final BotImportConfig config;
    private final JsonLines lines;
    private final BotRegistration bots;
    private final Validator validator;
    private final AuditLog audit;
    private final Clock clock;

    BotImport(
            BotImportConfig config,
            JsonLines lines,
            BotRegistration bots,
            Validator validator,
            AuditLog audit,
            Clock clock) {
        this.config = config;
        this.lines = lines;
        this.bots = bots;
        this.validator = validator;
        this.audit = audit;
        this.clock = clock;
    }

    /** @throws Problem {@code bot_encryption_key_needed}; {@code validation_failed}, {@code conflict}: each names the lines and columns that cannot be taken */
    Result run(Caller admin, String document, boolean dryRun) {
        var fernet = Fernet.of(config.fernetKey().orElse(List.of()));
        var imported = lines.read(document, ImportedBot.class, THING);
        return QuarkusTransaction.requiringNew().call(() -> {
            var registrations = new ImportCheck(fernet, validator, clock.instant()).registrations(imported);
            var fresh = fresh(registrations);
            var result = new Result(fresh.size(), registrations.size() - fresh.size(), dryRun);
            if (!dryRun && !fresh.isEmpty()) {
                fresh.forEach(one -> bots.takeOver(one.owner().tenantId, one.owner().id, one.bot(), one.history()));
                audit.record(AuditEntry.of(admin.tenantId(), "bot.imported", "tenant", admin.tenantId())
                        .with("imported", result.imported())
                        .with("skipped", result.skipped()));
            }
            return result;
        });
    }

    /** Without those that are here already. */
    private List<Registration> fresh(List<Registration> registrations) {
        var known = bots.known(
                registrations.stream().map(one -> one.owner().id).toList(),
                registrations.stream().map(Registration::token).toList());
        var tokens = known.stream().collect(toMap(BotSnapshot::userId, bot -> ByteBuffer.wrap(bot.digest())));
        var conflicts = new LineFaults(CommonProblem.CONFLICT, THING);
        var fresh = new ArrayList<Registration>();
        for (var one : registrations) {
            var digest = ByteBuffer.wrap(one.token().digest());
            var here = tokens.get(one.owner().id);
            if (digest.equals(here)) {
                continue;
            }
            if (here != null) {
                conflicts.add(one.line(), "user", "has another bot here");
            } else if (tokens.containsValue(digest)) {
                conflicts.add(one.line(), "bot_token", "is another user's here");
            }
            fresh.add(one);
        }
        conflicts.raise();
        return fresh;
    }
}
