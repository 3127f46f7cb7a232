package dev.latchkey.bot;

import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.problem.ProblemCode;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Refused;
import java.time.Duration;
import java.util.Map;

/** Errors of bots. */
public enum BotProblem implements ProblemCode {
    MALFORMED_BOT_TOKEN(400, "This is no bot token"),
    BOT_TOKEN_REFUSED(401, "Telegram refuses the bot's token"),
    BOT_SUSPENDED(403, "The bot is suspended"),
    BOT_EXISTS(409, "The user has a bot already"),
    BOT_TOKEN_IN_USE(409, "The bot token is in use"),
    BOT_STOPPED(409, "The bot is stopped"),
    BOT_NOT_VERIFIED(409, "The bot is not verified"),
    TELEGRAM_REFUSED(502, "Telegram refused the call"),
    TELEGRAM_UNAVAILABLE(503, "Telegram is not available"),
    TELEGRAM_TIMEOUT(504, "Telegram did not answer in time");

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final int UNAUTHORIZED = 401;
    private static final int LEAST_SERVER_ERROR = 500;

    private final int status;
    private final String title;

    BotProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }

    /** What Telegram's refusal of a call is here: {@code bot_token_refused}, {@code telegram_unavailable} or {@code telegram_refused}. */
    public static Problem of(Refused refused) {
        if (refused.errorCode() == UNAUTHORIZED) {
            return new Problem(
                    BOT_TOKEN_REFUSED,
                    "Telegram does not know the bot's token, or no longer; @BotFather shows the one that is valid");
        }
        if (refused.isTooMany()) {
            return later("Telegram asks this bot to wait", refused.retryAfter().orElse(RETRY_AFTER));
        }
        return refused.errorCode() >= LEAST_SERVER_ERROR
                ? later("Telegram has trouble of its own; try again shortly", RETRY_AFTER)
                : new Problem(TELEGRAM_REFUSED, "Telegram refused the call: " + refused.description())
                        .with(
                                "telegram",
                                Map.of("error_code", refused.errorCode(), "description", refused.description()));
    }

    /** What a call without an answer is here: {@code telegram_unavailable} or {@code telegram_timeout}. */
    public static Problem of(Failed failed) {
        return switch (failed.why()) {
            case LATE -> later("The service is too busy to send the call in its turn; try again shortly", RETRY_AFTER);
            case UNREACHABLE -> later("Telegram cannot be reached; try again shortly", RETRY_AFTER);
            case UNREADABLE -> later("Telegram's answer cannot be read; try again shortly", RETRY_AFTER);
            case TIMEOUT -> new Problem(TELEGRAM_TIMEOUT, "Telegram did not answer in time; try again");
        };
    }

    private static Problem later(String detail, Duration after) {
        return new Problem(TELEGRAM_UNAVAILABLE, detail)
                .header("Retry-After", Long.toString(Math.max(1, after.toSeconds())));
    }
}
