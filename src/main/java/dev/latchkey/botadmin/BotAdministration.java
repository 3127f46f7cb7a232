package dev.latchkey.botadmin;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.bot.BotControl;
import dev.latchkey.bot.BotControl.Limits;
import dev.latchkey.bot.BotVerification;
import dev.latchkey.bot.BotVerification.Outcome;
import dev.latchkey.bot.BotVerification.Verified;
import dev.latchkey.bot.BotView;
import dev.latchkey.bot.TestMessage;
import dev.latchkey.botadmin.BotAction.Kind;
import dev.latchkey.identity.User;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What admins do with one bot, each act with its row of record. All of it answers {@code not_found} for a user who does not exist, or has no bot. */
@ApplicationScoped
class BotAdministration {

    private final BotControl control;
    private final BotVerification verification;
    private final BotActions actions;
    private final AuditLog audit;
    private final CurrentCaller caller;

    BotAdministration(
            BotControl control,
            BotVerification verification,
            BotActions actions,
            AuditLog audit,
            CurrentCaller caller) {
        this.control = control;
        this.verification = verification;
        this.actions = actions;
        this.audit = audit;
        this.caller = caller;
    }

    @Transactional
    BotView access(UserReference reference) {
        return look(reference, Kind.ACCESS, "bot.accessed");
    }

    @Transactional
    BotView status(UserReference reference) {
        return look(reference, Kind.STATUS, "bot.status_read");
    }

    private BotView look(UserReference reference, Kind kind, String action) {
        var owner = reference.get();
        var bot = control.view(owner.id);
        audit.record(about(owner, bot, action));
        return recorded(owner, bot, kind, Optional.empty(), Map.of());
    }

    @Transactional
    BotView suspend(UserReference reference, String reason) {
        var owner = reference.get();
        return recorded(owner, control.suspend(owner.id, reason), Kind.SUSPEND, Optional.of(reason), Map.of());
    }

    @Transactional
    BotView activate(UserReference reference) {
        var owner = reference.get();
        return recorded(owner, control.activate(owner.id), Kind.ACTIVATE, Optional.empty(), Map.of());
    }

    /** @throws Problem {@code validation_failed} if nothing is to change */
    @Transactional
    BotView limit(UserReference reference, Limits limits) {
        var owner = reference.get();
        var details = new HashMap<String, Object>();
        Optional.ofNullable(limits.maxRequestsPerSecond())
                .ifPresent(most -> details.put("max_requests_per_second", most));
        Optional.ofNullable(limits.maxConcurrentRequests())
                .ifPresent(most -> details.put("max_concurrent_requests", most));
        return recorded(owner, control.limit(owner.id, limits), Kind.RATE_LIMIT, Optional.empty(), details);
    }

    /** In transactions of its own: Telegram is asked between them. What came of it is on record, also if that was nothing. */
    Verified verify(UserReference reference, TestMessage message) {
        var owner = QuarkusTransaction.requiringNew().call(reference::get);
        return verification.anyones(owner.id, message, outcome -> {
            var bot = control.view(owner.id);
            audit.record(about(owner, bot, "bot.verification_asked").with("outcome", outcome.word()));
            recorded(owner, bot, Kind.VERIFY, Optional.empty(), details(outcome, message));
        });
    }

    // Whoever speaks as another's bot leaves a trace of where.
    private static Map<String, Object> details(Outcome outcome, TestMessage message) {
        var details = new HashMap<String, Object>();
        details.put("outcome", outcome.word());
        if (outcome == Outcome.VERIFIED) {
            message.recipient().ifPresent(chat -> details.put("test_message_to", chat));
        }
        return details;
    }

    // Of what changes nothing, which would not be on record by itself.
    private static AuditEntry about(User owner, BotView bot, String action) {
        return AuditEntry.of(owner.tenantId, action, "bot", bot.id()).with("user_id", owner.id.toString());
    }

    private BotView recorded(User owner, BotView bot, Kind kind, Optional<String> reason, Map<String, Object> details) {
        actions.record(adminId(), owner, bot, kind, reason, details);
        return bot;
    }

    private UUID adminId() {
        return caller.get().userId().orElseThrow();
    }
}
