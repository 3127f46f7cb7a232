package dev.latchkey.botcall;

import dev.latchkey.bot.BotProblem;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.problem.ProblemCode;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Refused;
import java.time.Duration;
import java.util.HashMap;

/** Errors of calls. What Telegram refused is told with its own words, in {@code telegram}. */
enum CallProblem implements ProblemCode {
    TELEGRAM_BAD_REQUEST(400, "Telegram does not accept the call"),
    TELEGRAM_FORBIDDEN(403, "Telegram does not let the bot do this"),
    TELEGRAM_NOT_FOUND(404, "Telegram does not know the method"),
    TELEGRAM_CONFLICT(409, "Something else receives the bot's updates");

    private static final Duration A_WHILE = Duration.ofSeconds(1);

    private final int status;
    private final String title;

    CallProblem(int status, String title) {
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

    /** Of any refusal but that of the token. */
    static Problem of(Refused refused) {
        return switch (refused.errorCode()) {
            case 400 -> told(TELEGRAM_BAD_REQUEST, refused, "Telegram's words: " + refused.description());
            case 403 ->
                told(
                        TELEGRAM_FORBIDDEN,
                        refused,
                        "The bot was blocked, or taken out of the chat, or lacks a right there: the chat's people can change that, a retry cannot");
            case 404 -> told(TELEGRAM_NOT_FOUND, refused, "No method of the Bot API has that name");
            case 409 ->
                told(
                        TELEGRAM_CONFLICT,
                        refused,
                        "Only one receiver of updates at a time: a webhook (deleteWebhook ends it), or one that calls getUpdates");
            case 429 ->
                new Problem(CommonProblem.RATE_LIMITED, "Telegram wants a pause; see Retry-After")
                        .header(
                                "Retry-After",
                                Long.toString(
                                        refused.retryAfter().orElse(A_WHILE).toSeconds()));
            default -> BotProblem.of(refused);
        };
    }

    /** Of a call without an answer. What may have been done all the same says so, and asks nobody to try again. */
    static Problem of(Failed failed) {
        if (!failed.mayHaveArrived()) {
            return BotProblem.of(failed);
        }
        return switch (failed.why()) {
            case TIMEOUT -> perhapsDone(BotProblem.TELEGRAM_TIMEOUT, "Telegram did not answer in time");
            case UNREADABLE -> perhapsDone(BotProblem.TELEGRAM_UNAVAILABLE, "Telegram's answer cannot be read");
            case UNREACHABLE, LATE ->
                perhapsDone(BotProblem.TELEGRAM_UNAVAILABLE, "The connection to Telegram ended before its answer");
        };
    }

    private static Problem perhapsDone(BotProblem code, String what) {
        return new Problem(code, what + "; the call may have been done: look before you try again")
                .with("may_have_been_done", true);
    }

    private static Problem told(CallProblem code, Refused refused, String detail) {
        var telegram = new HashMap<String, Object>();
        telegram.put("error_code", refused.errorCode());
        telegram.put("description", refused.description());
        return new Problem(code, detail).with("telegram", telegram);
    }
}
