package dev.latchkey.bot;

import static dev.latchkey.bot.BotStatus.ACTIVE;
import static dev.latchkey.bot.BotStatus.ERROR;
import static dev.latchkey.bot.BotStatus.PENDING;
import static dev.latchkey.bot.BotStatus.RATE_LIMITED;
import static dev.latchkey.bot.BotStatus.STOPPED;
import static dev.latchkey.bot.BotStatus.SUSPENDED;

import dev.latchkey.bot.BotState.Suspension.By;
import dev.latchkey.platform.problem.Problem;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a bot stands, and what may become of it; docs/bots.md has the picture. Each transition answers the state after it, or says by a {@link Problem} why there
 * is none.
 *
 * @param status as it is stored, so never {@link BotStatus#RATE_LIMITED}
 * @param suspension present while suspended
 * @param pausedUntil until when Telegram wants nothing from it; may be over
 */
record BotState(BotStatus status, boolean isVerified, Optional<Suspension> suspension, Optional<Instant> pausedUntil) {

    /** Who suspended it, and why. */
    record Suspension(By by, String reason) {

        enum By {
            ADMIN,
            TELEGRAM;

            String word() {
                return name().toLowerCase(Locale.ROOT);
            }

            static By of(String word) {
                return valueOf(word.toUpperCase(Locale.ROOT));
            }
        }
    }

    private static final String NOT_VERIFIED = "The bot is not verified: POST /api/user-bot/verify comes first";

    BotState {
        if (status == RATE_LIMITED || (status == SUSPENDED) != suspension.isPresent()) {
            throw new IllegalArgumentException("No such state of a bot: " + status);
        }
    }

    static BotState created() {
        return new BotState(PENDING, false, Optional.empty(), Optional.empty());
    }

    /**
     * One that was kept elsewhere. Active is only what is verified there; a suspension is an admin's.
     *
     * @param reason why it is suspended, if it is
     */
    static BotState takenOver(BotStatus status, boolean isVerified, String reason) {
        return switch (status) {
            case ACTIVE, RATE_LIMITED ->
                new BotState(isVerified ? ACTIVE : PENDING, isVerified, Optional.empty(), Optional.empty());
            case SUSPENDED ->
                new BotState(status, isVerified, Optional.of(new Suspension(By.ADMIN, reason)), Optional.empty());
            case STOPPED, ERROR -> new BotState(status, isVerified, Optional.empty(), Optional.empty());
            case PENDING -> created();
        };
    }

    /** What is told of it at that time. */
    BotStatus shown(Instant now) {
        return status == ACTIVE && pausedUntil.filter(now::isBefore).isPresent() ? RATE_LIMITED : status;
    }

    boolean isSuspendedByAdmin() {
        return isSuspendedBy(By.ADMIN);
    }

    private boolean isSuspendedBy(By by) {
        return suspension.filter(suspended -> suspended.by() == by).isPresent();
    }

    /** Telegram knows the token. What its owner stopped, or an admin suspended, stays so. */
    BotState verified() {
        return status == STOPPED || isSuspendedByAdmin()
                ? new BotState(status, true, suspension, pausedUntil)
                : new BotState(ACTIVE, true, Optional.empty(), pausedUntil);
    }

    /** Telegram does not know the token any more. Of who suspended it before, and why, nothing changes: an admin's word stays. */
    BotState refused(String why) {
        return new BotState(
                SUSPENDED,
                false,
                Optional.of(suspension.orElseGet(() -> new Suspension(By.TELEGRAM, why))),
                pausedUntil);
    }

    /** A verification failed, and said nothing about the token. */
    BotState failed() {
        return status == PENDING || status == ACTIVE ? new BotState(ERROR, isVerified, suspension, pausedUntil) : this;
    }

    /** The longer of two pauses counts. */
    BotState paused(Instant until) {
        return new BotState(
                status,
                isVerified,
                suspension,
                pausedUntil.filter(until::isBefore).or(() -> Optional.of(until)));
    }

    /** @throws Problem {@code bot_suspended}, {@code bot_not_verified} */
    BotState started() {
        requireNoSuspension();
        if (!isVerified || status != ACTIVE && status != STOPPED) {
            throw new Problem(BotProblem.BOT_NOT_VERIFIED, NOT_VERIFIED);
        }
        return new BotState(ACTIVE, true, suspension, pausedUntil);
    }

    /** Whatever may call Telegram. @throws Problem {@code bot_suspended}, {@code bot_not_verified} */
    BotState stopped() {
        requireNoSuspension();
        if (!isVerified) {
            throw new Problem(BotProblem.BOT_NOT_VERIFIED, NOT_VERIFIED);
        }
        return new BotState(STOPPED, true, suspension, pausedUntil);
    }

    BotState suspendedByAdmin(String reason) {
        return new BotState(SUSPENDED, isVerified, Optional.of(new Suspension(By.ADMIN, reason)), pausedUntil);
    }

    /** Whoever stopped or suspended it. What Telegram wants to pause goes on pausing. */
    BotState activatedByAdmin() {
        return new BotState(isVerified ? ACTIVE : PENDING, isVerified, Optional.empty(), pausedUntil);
    }

    /** @throws Problem {@code bot_suspended} if an admin did it: its owner may then only look */
    void requireOwnersSay() {
        if (isSuspendedByAdmin()) {
            requireNoSuspension();
        }
    }

    private void requireNoSuspension() {
        requireNone(suspension.map(Suspension::reason));
    }

    private static void requireNone(Optional<String> suspensionReason) {
        suspensionReason.ifPresent(reason -> {
            throw new Problem(BotProblem.BOT_SUSPENDED, "The bot is suspended: " + reason).with("reason", reason);
        });
    }

    /** Returns where a bot may call Telegram; {@link BotSnapshot#requireCalls}. */
    static void requireCalls(BotStatus status, boolean isVerified, Optional<String> suspensionReason) {
        requireNone(suspensionReason);
        if (status == STOPPED) {
            throw new Problem(BotProblem.BOT_STOPPED, "The bot is stopped: POST /api/user-bot/start starts it");
        }
        // One with an error that was verified before may: that Telegram was away for a while must not end it.
        if (!isVerified) {
            throw new Problem(BotProblem.BOT_NOT_VERIFIED, NOT_VERIFIED);
        }
    }
}
