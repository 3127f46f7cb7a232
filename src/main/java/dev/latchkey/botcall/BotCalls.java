package dev.latchkey.botcall;

import dev.latchkey.bot.BotProblem;
import dev.latchkey.bot.BotSnapshot;
import dev.latchkey.bot.Bots;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.telegram.BotToken;
import dev.latchkey.telegram.TelegramAnswer;
import dev.latchkey.telegram.TelegramAnswer.Done;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Refused;
import dev.latchkey.telegram.TelegramCall;
import dev.latchkey.telegram.TelegramConfig;
import dev.latchkey.turn.MethodName;
import dev.latchkey.turn.Turn;
import dev.latchkey.turn.Turns;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Calls of bots, each in its turn. Non-blocking. */
@Singleton
class BotCalls {

    private static final int MOST_TRIES = 3;
    private static final int UNAUTHORIZED = 401;

    private final Bots bots;
    private final LiveBots live;
    private final Turns turns;
    private final Duration timeout;

    BotCalls(Bots bots, LiveBots live, Turns turns, TelegramConfig config) {
        this.bots = bots;
        this.live = live;
        this.turns = turns;
        this.timeout = config.timeout();
    }

    /**
     * Telegram's answer, JSON without the token. What was certainly not done is tried again: a call that found no connection, and one that Telegram refused as too
     * many, after its pause.
     *
     * @throws Problem {@code not_found} for a user without a bot; those of {@link BotSnapshot#requireCalls}, {@link CallProblem} and {@link BotProblem}; {@code rate_limited},
     *     {@code unavailable}
     */
    Uni<byte[]> call(UUID userId, MethodName method, CallBody body) {
        // Whoever asked may go away: what was begun still ends, and gives its slot back.
        return Uni.createFrom()
                .completionStage(() -> attempt(userId, method, body, 1).toCompletionStage());
    }

    private Future<byte[]> attempt(UUID userId, MethodName method, CallBody body, int number) {
        return usable(userId).compose(bot -> {
            var turn = turn(bot, method, body);
            return turns.call(turn, () -> open(bot))
                    .compose(answer -> answer(new Attempt(bot, method, body, turn, number), answer));
        });
    }

    private record Attempt(BotSnapshot bot, MethodName method, CallBody body, Turn turn, int number) {

        boolean isLast() {
            return number == MOST_TRIES;
        }
    }

    private Future<BotSnapshot> usable(UUID userId) {
        return Future.fromCompletionStage(bots.known(userId).subscribeAsCompletionStage())
                .map(found -> {
                    var bot = found.orElseThrow(Problem::notFound);
                    try {
                        bot.requireCalls();
                    } catch (Problem refusal) {
                        live.end(bot.id());
                        throw refusal;
                    }
                    return bot;
                });
    }

    // It may have waited for its turn: what is true of the bot now counts, and another bot is not the one that waited.
    private Future<BotToken> open(BotSnapshot bot) {
        return usable(bot.userId()).map(now -> {
            if (!now.id().equals(bot.id())) {
                throw Problem.notFound();
            }
            return live.token(now);
        });
    }

    private Turn turn(BotSnapshot bot, MethodName method, CallBody body) {
        var longest = method.isLongPoll() ? timeout.plusSeconds(body.longPollSeconds()) : timeout;
        return new Turn(
                bot.id(),
                bot.perSecond(),
                bot.concurrent(),
                true,
                body.chat(),
                new TelegramCall(method.text(), body.contentType(), Buffer.buffer(body.bytes()), longest));
    }

    private Future<byte[]> answer(Attempt attempt, TelegramAnswer answer) {
        return switch (answer) {
            case Done done -> Future.succeededFuture(done.body());
            case Refused refused when refused.errorCode() == UNAUTHORIZED -> tokenRefused(attempt.bot(), refused);
            case Refused refused
            when refused.isTooMany() ->
                paused(attempt, refused)
                        .compose(told ->
                                attempt.isLast() ? Future.failedFuture(CallProblem.of(refused)) : again(attempt));
            case Refused refused -> Future.failedFuture(CallProblem.of(refused));
            case Failed failed when !failed.mayHaveArrived() && !attempt.isLast() -> again(attempt);
            case Failed failed -> Future.failedFuture(BotProblem.of(failed));
        };
    }

    private Future<byte[]> again(Attempt attempt) {
        return attempt(attempt.bot().userId(), attempt.method(), attempt.body(), attempt.number() + 1);
    }

    // Whoever called is told that the bot is suspended, unless it has another token by now: 401 is about the caller's
    // own credential.
    private Future<byte[]> tokenRefused(BotSnapshot bot, Refused refused) {
        return onWorker(() -> bots.refused(bot, refused.description()))
                .compose(told -> usable(bot.userId()))
                .compose(changed -> Future.failedFuture(BotProblem.of(refused)));
    }

    /** Whoever comes next waits, or is told how long, by the governor. */
    private Future<Void> paused(Attempt attempt, Refused refused) {
        return turns.pause(attempt.turn(), refused)
                .compose(until -> until.map(end -> onWorker(() -> bots.paused(attempt.bot(), end)))
                        .orElseGet(Future::succeededFuture));
    }

    private static Future<Void> onWorker(Runnable work) {
        return Future.fromCompletionStage(CompletableFuture.runAsync(work, Infrastructure.getDefaultWorkerPool()));
    }
}
