package dev.latchkey.bot;

import dev.latchkey.platform.crypto.Sealed;
import dev.latchkey.platform.problem.Problem;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A bot as callers see it; immutable.
 *
 * @param number what Telegram calls it
 * @param status as it is stored, so never {@link BotStatus#RATE_LIMITED}; {@link #shown} tells of a pause
 * @param suspensionReason present while suspended
 * @param pausedUntil until when Telegram wants nothing from it; may be over
 * @param perSecond how many calls may begin in a second
 * @param concurrent how many calls may be on their way at once
 * @param digest of the token's text
 */
public record BotSnapshot(
        UUID id,
        UUID tenantId,
        UUID userId,
        long number,
        BotStatus status,
        boolean isVerified,
        Optional<String> suspensionReason,
        Optional<Instant> pausedUntil,
        int perSecond,
        int concurrent,
        byte[] digest,
        Sealed token) {

    static BotSnapshot of(Bot bot) {
        var state = bot.state();
        return new BotSnapshot(
                bot.id,
                bot.tenantId,
                bot.userId,
                bot.botId,
                state.status(),
                state.isVerified(),
                state.suspension().map(BotState.Suspension::reason),
                state.pausedUntil(),
                bot.rateLimitRps,
                bot.maxConcurrentRequests,
                bot.tokenDigest,
                bot.token());
    }

    /** Whether Telegram wants nothing from it at that time. */
    public boolean isPaused(Instant now) {
        return pausedUntil.filter(now::isBefore).isPresent();
    }

    /** Whether {@link #requireCalls} returns. */
    public boolean mayCall() {
        try {
            requireCalls();
            return true;
        } catch (Problem refusal) {
            return false;
        }
    }

    /**
     * Returns where the bot may call Telegram. A pause is not looked at.
     *
     * @throws Problem {@code bot_suspended}, {@code bot_stopped}, {@code bot_not_verified}
     */
    public void requireCalls() {
        BotState.requireCalls(status, isVerified, suspensionReason);
    }
}
