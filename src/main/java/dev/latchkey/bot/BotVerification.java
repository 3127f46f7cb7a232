package dev.latchkey.bot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.telegram.BotToken;
import dev.latchkey.telegram.Telegram;
import dev.latchkey.telegram.TelegramAnswer;
import dev.latchkey.telegram.TelegramAnswer.Done;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Refused;
import dev.latchkey.telegram.TelegramCall;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Asks Telegram whose a token is. Blocks while Telegram answers, and holds no transaction meanwhile. */
@ApplicationScoped
public class BotVerification {

    /** What came of a verification. */
    public enum Outcome {
        VERIFIED,
        REFUSED,
        PAUSED,
        FAILED;

        /** As it is kept. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A verification that Telegram answered.
     *
     * @param success false if the test message did not arrive
     * @param botInfo what Telegram says of the bot, as it says it
     */
    public record Verified(boolean success, String message, JsonNode botInfo, boolean isVerified) {}

    private static final String USERNAME = "[A-Za-z0-9_]{1,64}";
    private static final int NO_SUCH_TOKEN = 404;

    private final Telegram telegram;
    private final Bots bots;
    private final BotControl control;
    private final Clock clock;

    BotVerification(Telegram telegram, Bots bots, BotControl control, Clock clock) {
        this.telegram = telegram;
        this.bots = bots;
        this.control = control;
        this.clock = clock;
    }

    /**
     * What Telegram says of the token's bot.
     *
     * @throws Problem {@code bot_token_refused}, {@code telegram_refused}, {@code telegram_unavailable}, {@code telegram_timeout}
     */
    JsonNode ask(BotToken token) {
        return checked(token, call(token, TelegramCall.of("getMe")));
    }

    private JsonNode checked(BotToken token, TelegramAnswer answer) {
        return switch (answer) {
            case Done done -> {
                if (done.result().path("id").asLong() != token.botId()
                        || !done.result().path("is_bot").asBoolean()) {
                    throw new Problem(
                            BotProblem.BOT_TOKEN_REFUSED, "Telegram knows the token as that of something else");
                }
                yield done.result();
            }
            // Telegram finds nothing under the address of a token that it never gave.
            case Refused refused
            when refused.errorCode() == NO_SUCH_TOKEN ->
                throw new Problem(BotProblem.BOT_TOKEN_REFUSED, "Telegram never gave this token");
            case Refused refused -> throw BotProblem.of(refused);
            case Failed failed -> throw BotProblem.of(failed);
        };
    }

    static Optional<String> username(JsonNode me) {
        return Optional.of(me.path("username").asText()).filter(name -> name.matches(USERNAME));
    }

    /**
     * By its owner.
     *
     * @throws Problem {@code not_found}, {@code bot_suspended} if an admin did that, and as {@link #ask}
     */
    Verified own(UUID userId, TestMessage message) {
        QuarkusTransaction.requiringNew()
                .run(() -> Bot.of(userId).orElseThrow(Problem::notFound).state().requireOwnersSay());
        return anyones(userId, message, outcome -> {});
    }

    /**
     * By an admin. A bot that is suspended by one stays so.
     *
     * @param onRecord is told in the transaction that writes what came of it
     * @throws Problem {@code not_found}, {@code bot_token_refused}, {@code telegram_refused}, {@code telegram_unavailable}, {@code telegram_timeout}
     */
    public Verified anyones(UUID userId, TestMessage message, Consumer<Outcome> onRecord) {
        var parameters = message.parameters();
        var bot = QuarkusTransaction.requiringNew()
                .call(() -> Bot.of(userId).map(BotSnapshot::of).orElseThrow(Problem::notFound));
        var token = bots.open(bot);
        var answer = call(token, TelegramCall.of("getMe"));
        var me = me(bot, token, answer, onRecord);
        return parameters
                .map(those -> sent(bot, me, call(token, TelegramCall.json("sendMessage", those))))
                .orElseGet(() -> new Verified(true, "Telegram knows the bot", me, true));
    }

    private JsonNode me(BotSnapshot bot, BotToken token, TelegramAnswer answer, Consumer<Outcome> onRecord) {
        try {
            var me = checked(token, answer);
            write(bot, Outcome.VERIFIED, onRecord, row -> {
                username(me).ifPresent(name -> row.botUsername = name);
                control.change(row, "bot.verified", BotState::verified);
            });
            return me;
        } catch (Problem problem) {
            writeFailure(bot, problem, answer, onRecord);
            throw problem;
        }
    }

    private void writeFailure(BotSnapshot bot, Problem problem, TelegramAnswer answer, Consumer<Outcome> onRecord) {
        if (problem.code() == BotProblem.BOT_TOKEN_REFUSED) {
            write(
                    bot,
                    Outcome.REFUSED,
                    onRecord,
                    row -> control.change(row, "bot.refused", state -> state.refused(problem.detail())));
        } else if (answer instanceof Refused refused && refused.retryAfter().isPresent()) {
            var until = clock.instant().plus(refused.retryAfter().get());
            write(bot, Outcome.PAUSED, onRecord, row -> bots.pause(row, until));
        } else if (problem.code() instanceof BotProblem) {
            write(
                    bot,
                    Outcome.FAILED,
                    onRecord,
                    row -> control.change(row, "bot.verification_failed", BotState::failed));
        }
    }

    private void write(BotSnapshot bot, Outcome outcome, Consumer<Outcome> onRecord, Consumer<Bot> change) {
        QuarkusTransaction.requiringNew().run(() -> {
            // Who removed it meanwhile gets no bot back.
            change.accept(Bots.locked(bot).orElseThrow(Problem::notFound));
            onRecord.accept(outcome);
        });
    }

    private Verified sent(BotSnapshot bot, JsonNode me, TelegramAnswer answer) {
        return switch (answer) {
            case Done done -> new Verified(true, "Telegram knows the bot, and the test message was sent", me, true);
            case Refused refused ->
                new Verified(
                        false,
                        "Telegram knows the bot, but refused the test message: " + refused.description(),
                        me,
                        true);
            case Failed failed ->
                new Verified(
                        false,
                        "Telegram knows the bot; the test message "
                                + (failed.mayHaveArrived() ? "may have arrived or not" : "was not sent"),
                        me,
                        true);
        };
    }

    private TelegramAnswer call(BotToken token, TelegramCall call) {
        return telegram.call(token, call)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
