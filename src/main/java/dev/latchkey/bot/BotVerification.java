package dev.latchkey.bot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.telegram.BotToken;
import dev.latchkey.telegram.TelegramAnswer;
import dev.latchkey.telegram.TelegramAnswer.Done;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Refused;
import dev.latchkey.telegram.TelegramCall;
import dev.latchkey.turn.Turn;
import dev.latchkey.turn.Turns;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Asks Telegram whose a token is, when it is the bot's turn. Blocks while Telegram answers, and holds no transaction meanwhile. */
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

    private final Turns turns;
    private final Bots bots;
    private final BotControl control;
    private final Clock clock;

    BotVerification(Turns turns, Bots bots, BotControl control, Clock clock) {
        this.turns = turns;
        this.bots = bots;
        this.control = control;
        this.clock = clock;
    }

    /**
     * What Telegram says of the bot that is to be kept.
     *
     * @throws Problem {@code bot_token_refused}, {@code telegram_refused}, {@code telegram_unavailable}, {@code telegram_timeout}; {@code rate_limited}, {@code
     *     unavailable} as other calls of a bot
     */
    JsonNode ask(NewBot bot) {
        var token = bot.token();
        var turn = new Turn(
                Turn.stranger(token),
                bot.perSecond(),
                bot.concurrent(),
                false,
                Optional.empty(),
                TelegramCall.of("getMe"));
        return checked(token, call(turn, token));
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
     * @throws Problem {@code not_found}, {@code bot_token_refused}, {@code telegram_refused}, {@code telegram_unavailable}, {@code telegram_timeout}, {@code
     *     rate_limited}, {@code unavailable}
     */
    public Verified anyones(UUID userId, TestMessage message, Consumer<Outcome> onRecord) {
        var testMessage = message.call();
        var bot = QuarkusTransaction.requiringNew()
                .call(() -> Bot.of(userId).map(BotSnapshot::of).orElseThrow(Problem::notFound));
        var token = bots.open(bot);
        var answer = call(turn(bot, Optional.empty(), TelegramCall.of("getMe")), token);
        var me = me(bot, token, answer, onRecord);
        return testMessage
                .map(call -> sent(me, turn(bot, message.chat(), call), token))
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

    // It is verified by now, whatever becomes of the message.
    private Verified sent(JsonNode me, Turn turn, BotToken token) {
        try {
            return sent(me, call(turn, token));
        } catch (Problem problem) {
            return new Verified(
                    false, "Telegram knows the bot; the test message was not sent: " + problem.detail(), me, true);
        }
    }

    private static Verified sent(JsonNode me, TelegramAnswer answer) {
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

    private static Turn turn(BotSnapshot bot, Optional<String> chat, TelegramCall call) {
        return new Turn(bot.id(), bot.perSecond(), bot.concurrent(), false, chat, call);
    }

    private TelegramAnswer call(Turn turn, BotToken token) {
        var answer = await(turns.call(turn, () -> Future.succeededFuture(token)));
        if (answer instanceof Refused refused && refused.isTooMany()) {
            await(turns.pause(turn, refused));
        }
        return answer;
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }
}
