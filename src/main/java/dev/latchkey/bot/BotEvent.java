package dev.latchkey.bot;

import java.time.Instant;
import java.util.UUID;

/** What happened to a bot. Fired in the transaction of the act. */
public sealed interface BotEvent {

    UUID botId();

    UUID tenantId();

    UUID userId();

    record Created(UUID botId, UUID tenantId, UUID userId) implements BotEvent {}

    /** @param status as it is stored: a pause is told by {@link Paused} */
    record StatusChanged(UUID botId, UUID tenantId, UUID userId, BotStatus status) implements BotEvent {}

    /** Telegram wants nothing from it until then. */
    record Paused(UUID botId, UUID tenantId, UUID userId, Instant until) implements BotEvent {}

    /** In a second, or how many at once. */
    record LimitsChanged(UUID botId, UUID tenantId, UUID userId, int perSecond, int concurrent) implements BotEvent {}

    record Removed(UUID botId, UUID tenantId, UUID userId) implements BotEvent {}
}
