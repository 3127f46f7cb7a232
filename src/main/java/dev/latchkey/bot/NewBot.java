package dev.latchkey.bot;

import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.telegram.BotToken;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A bot to keep.
 *
 * @param telegramApiId of the application that its owner registered with Telegram
 * @param telegramApiHash goes with it
 * @param telegramPhone of the owner's account, in the form of E.164
 * @param maxRequestsPerSecond 30 if left out
 * @param maxConcurrentRequests 10 if left out
 */
public record NewBot(
        @NotNull String botToken,
        @Nullable @Min(1) @Max(Integer.MAX_VALUE) Long telegramApiId,

        @Nullable @Pattern(regexp = "[0-9A-Fa-f]{32}", message = "must be 32 hexadecimal digits")
        String telegramApiHash,

        @Nullable
        @Pattern(
                regexp = "\\+[1-9][0-9]{6,14}",
                message = "must be a number as +12025550123: a plus sign and 7 to 15 digits")
        String telegramPhone,

        @Nullable @Min(1) @Max(BotControl.Limits.MOST_PER_SECOND)
        Integer maxRequestsPerSecond,

        @Nullable @Min(1) @Max(BotControl.Limits.MOST_CONCURRENT)
        Integer maxConcurrentRequests) {

    private static final int PER_SECOND = 30;
    private static final int CONCURRENT = 10;

    /** @throws Problem {@code malformed_bot_token}, without the text: it may be another service's secret */
    public BotToken token() {
        return BotToken.parse(botToken)
                .orElseThrow(
                        () -> new Problem(
                                BotProblem.MALFORMED_BOT_TOKEN,
                                "A bot token is the bot's number, a colon, and 35 letters, digits, - or _, as @BotFather gives it"));
    }

    Optional<Secret> apiHash() {
        return Optional.ofNullable(telegramApiHash).map(Secret::new);
    }

    Optional<Secret> phone() {
        return Optional.ofNullable(telegramPhone).map(Secret::new);
    }

    int perSecond() {
        return Optional.ofNullable(maxRequestsPerSecond).orElse(PER_SECOND);
    }

    int concurrent() {
        return Optional.ofNullable(maxConcurrentRequests).orElse(CONCURRENT);
    }

    @Override
    public String toString() {
        return "NewBot";
    }
}
