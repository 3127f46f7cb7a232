package dev.latchkey.bot;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of a bot; never its token.
 *
 * @param userId the number of its owner
 * @param botId what Telegram calls it
 * @param suspensionReason null unless it is suspended
 */
public record BotView(
        UUID id,
        long userId,
        @Nullable String botUsername,
        long botId,
        BotStatus status,
        boolean isVerified,
        int rateLimitRps,
        int maxConcurrentRequests,
        long totalRequests,
        @Nullable Instant lastUsedAt,
        Instant createdAt,
        Instant updatedAt,
        @Nullable String suspensionReason) {

    /** As it is at that time. */
    public static BotView of(Bot bot, Instant now) {
        return new BotView(
                bot.id,
                bot.userNumber,
                bot.botUsername,
                bot.botId,
                bot.state().shown(now),
                bot.isVerified,
                bot.rateLimitRps,
                bot.maxConcurrentRequests,
                bot.totalRequests,
                bot.lastUsedAt,
                bot.createdAt,
                bot.updatedAt,
                bot.suspensionReason);
    }
}
