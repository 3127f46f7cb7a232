package dev.latchkey.bot;

import dev.latchkey.platform.problem.ProblemCode;

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
}
