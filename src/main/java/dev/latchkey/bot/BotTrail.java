package dev.latchkey.bot;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.platform.cache.Invalidations;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.Map;

/** Puts on record what becomes of bots, tells it, and has all replicas forget what they knew. In the caller's transaction. */
@Singleton
class BotTrail {

    private final AuditLog audit;
    private final Event<BotEvent> events;
    private final Invalidations invalidations;

    BotTrail(AuditLog audit, Event<BotEvent> events, Invalidations invalidations) {
        this.audit = audit;
        this.events = events;
        this.invalidations = invalidations;
    }

    void created(Bot bot) {
        tell(
                bot,
                about(bot, "bot.created").with("after", bot.facts()),
                new BotEvent.Created(bot.id, bot.tenantId, bot.userId));
    }

    /**
     * Of a bot whose status, or why it is so, may be another one.
     *
     * @param before what it was
     */
    void stateChanged(Bot bot, String action, Map<String, Object> before) {
        tell(
                bot,
                about(bot, action).changed(before, bot.facts()),
                new BotEvent.StatusChanged(
                        bot.id, bot.tenantId, bot.userId, bot.state().status()));
    }

    void limitsChanged(Bot bot, Map<String, Object> before) {
        tell(
                bot,
                about(bot, "bot.limits_changed").changed(before, bot.facts()),
                new BotEvent.LimitsChanged(
                        bot.id, bot.tenantId, bot.userId, bot.rateLimitRps, bot.maxConcurrentRequests));
    }

    void removed(Bot bot) {
        tell(
                bot,
                about(bot, "bot.removed").with("before", bot.facts()),
                new BotEvent.Removed(bot.id, bot.tenantId, bot.userId));
    }

    /** @param isNew false for one that goes on for longer, of which there may be many: it is told, and not on record again */
    void paused(Bot bot, boolean isNew) {
        var until = bot.state().pausedUntil().orElseThrow();
        if (isNew) {
            audit.record(about(bot, "bot.paused").with("until", until.toString()));
        }
        tell(bot, new BotEvent.Paused(bot.id, bot.tenantId, bot.userId, until));
    }

    private void tell(Bot bot, AuditEntry entry, BotEvent event) {
        audit.record(entry);
        tell(bot, event);
    }

    private void tell(Bot bot, BotEvent event) {
        events.fire(event);
        invalidations.announce(Bots.CACHE, bot.userId.toString(), bot.tenantId);
    }

    private static AuditEntry about(Bot bot, String action) {
        return AuditEntry.of(bot.tenantId, action, "bot", bot.id).with("user_id", bot.userId.toString());
    }
}
