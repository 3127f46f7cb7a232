package dev.latchkey.bot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.telegram.BotToken;
import dev.latchkey.telegram.TelegramAnswer;
import dev.latchkey.telegram.TelegramAnswer.Done;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Refused;
import dev.latchkey.telegram.TelegramAnswer.Why;
import dev.latchkey.telegram.TelegramCall;
import dev.latchkey.turn.Turn;
import dev.latchkey.turn.Turns;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

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

    BotVerification(Turns turns, Bots bots, BotControl control) {
        this.turns = turns;
        this.bots = bots;
        this.control = control;
    }

    /**
     * What Telegram says of the bot that is to be kept.
     *
     * @throws Problem {@code bot_token_refused}, {@code telegram_refused}, {@code telegram_unavailable}, {@code telegram_timeout}; {@code rate_limited}, {@code
     *     unavailable} as other calls of a bot
     */
    JsonNode ask(NewBot bot) {
        var token = bot.token();
        var turn = turn(token.digest(), bot.perSecond(), bot.concurrent(), Optional.empty(), TelegramCall.of("getMe"));
        return checked(call(turn, () -> Future.succeededFuture(token)).answer());
    }

    private static JsonNode checked(TelegramAnswer answer) {
        return switch (answer) {
            case Done done -> {
                // Stand-ins for Telegram leave out is_bot, or have one bot for all tokens: its number is what they say.
                if (id(done.result()) <= 0 || !done.result().path("is_bot").asBoolean(true)) {
                    throw new Problem(BotProblem.BOT_TOKEN_REFUSED, "Telegram knows the token as that of no bot");
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

    static long id(JsonNode me) {
        return me.path("id").asLong();
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
        var me = me(bot, token, onRecord);
        return testMessage
                .map(call -> sent(me, turn(bot, message.recipient(), call), bot))
                .orElseGet(() -> new Verified(true, "Telegram knows the bot", me, true));
    }

    private JsonNode me(BotSnapshot bot, BotToken token, Consumer<Outcome> onRecord) {
        var told = told(bot, token, onRecord);
        try {
            var me = checked(told.answer());
            write(bot, Outcome.VERIFIED, onRecord, row -> {
                username(me).ifPresent(name -> row.botUsername = name);
                control.change(row, "bot.verified", BotState::verified);
            });
            return me;
        } catch (Problem problem) {
            writeFailure(bot, problem, told, onRecord);
            throw problem;
        }
    }

    private Told told(BotSnapshot bot, BotToken token, Consumer<Outcome> onRecord) {
        try {
            return call(turn(bot, Optional.empty(), TelegramCall.of("getMe")), () -> Future.succeededFuture(token));
        } catch (Problem problem) {
            // Its turn did not come, which says nothing about the bot.
            write(bot, Outcome.FAILED, onRecord, row -> {});
            throw problem;
        }
    }

    private void writeFailure(BotSnapshot bot, Problem problem, Told told, Consumer<Outcome> onRecord) {
        if (problem.code() == BotProblem.BOT_TOKEN_REFUSED) {
            write(
                    bot,
                    Outcome.REFUSED,
                    onRecord,
                    row -> control.change(row, "bot.refused", state -> state.refused(problem.detail())));
        } else if (told.isTooMany()) {
            write(bot, Outcome.PAUSED, onRecord, row -> told.pause().ifPresent(until -> bots.pause(row, until)));
        } else if (problem.code() instanceof BotProblem) {
            write(bot, Outcome.FAILED, onRecord, row -> {
                // What could not leave in its turn says as little about the bot as a turn that did not come.
                if (!told.isLate()) {
                    control.change(row, "bot.verification_failed", BotState::failed);
                }
            });
        }
    }

    private void write(BotSnapshot bot, Outcome outcome, Consumer<Outcome> onRecord, Consumer<Bot> change) {
        QuarkusTransaction.requiringNew().run(() -> {
            // Who removed it meanwhile gets no bot back.
            change.accept(Bots.locked(bot).orElseThrow(Problem::notFound));
            onRecord.accept(outcome);
        });
    }

    // It is verified by now, whatever becomes of the message. What is true of the bot when its turn has come counts.
    private Verified sent(JsonNode me, Turn turn, BotSnapshot bot) {
        try {
            var told = call(turn, () -> bots.still(bot).map(bots::open));
            told.pause().ifPresent(until -> bots.paused(bot, until));
            return sent(me, told.answer());
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
        return turn(bot.digest(), bot.perSecond(), bot.concurrent(), chat, call);
    }

    private static Turn turn(byte[] digest, int perSecond, int concurrent, Optional<String> chat, TelegramCall call) {
        return new Turn(digest, Optional.empty(), perSecond, concurrent, chat, 1, call);
    }

    /** @param pause until when the whole bot pauses, if it does */
    private record Told(TelegramAnswer answer, Optional<Instant> pause) {

        boolean isLate() {
            return answer instanceof Failed failed && failed.why() == Why.LATE;
        }

        boolean isTooMany() {
            return answer instanceof Refused refused && refused.isTooMany();
        }
    }

    private Told call(Turn turn, Supplier<Future<BotToken>> token) {
        var answer = await(turns.call(turn, token));
        return new Told(
                answer,
                answer instanceof Refused refused && refused.isTooMany()
                        ? await(turns.pause(turn, refused))
                        : Optional.empty());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }
}
