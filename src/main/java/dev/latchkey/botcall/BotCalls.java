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
import io.netty.buffer.Unpooled;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
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
     * Telegram's answer, JSON without the token. What Telegram refused as one too many is tried again after its pause.
     *
     * @throws Problem {@code not_found} for a user without a bot; those of {@link BotSnapshot#requireCalls}, {@link CallProblem} and {@link BotProblem}; {@code rate_limited},
     *     {@code unavailable}
     */
    Uni<byte[]> call(UUID userId, MethodName method, CallBody body) {
        var wanted = new Wanted(userId, method, body, Promise.promise());
        return Uni.createFrom()
                .completionStage(() -> attempt(wanted, 1).toCompletionStage())
                .onCancellation()
                .invoke(() -> wanted.gone().tryComplete());
    }

    /** @param gone whoever asked has gone: what is under way still ends, and nothing else is sent */
    private record Wanted(UUID userId, MethodName method, CallBody body, Promise<Void> gone) {}

    private record Attempt(Wanted wanted, BotSnapshot bot, Turn turn, int number) {

        boolean isLast() {
            return number == MOST_TRIES;
        }
    }

    private Future<byte[]> attempt(Wanted wanted, int number) {
        return bots.usable(wanted.userId()).compose(bot -> {
            var turn = turn(bot, wanted.method(), wanted.body());
            return turns.call(
                            turn, () -> open(bot, wanted.gone()), wanted.gone().future())
                    .compose(answer -> answer(new Attempt(wanted, bot, turn, number), answer));
        });
    }

    // It may have waited for its turn: what is true of the bot now counts.
    private Future<BotToken> open(BotSnapshot bot, Promise<Void> gone) {
        return gone.future().isComplete()
                ? Future.failedFuture(new CancellationException("Whoever wanted the call has gone"))
                : bots.still(bot).map(live::token);
    }

    private Turn turn(BotSnapshot bot, MethodName method, CallBody body) {
        var longest = method.isLongPoll() ? timeout.plusSeconds(body.longPollSeconds()) : timeout;
        return new Turn(
                bot.digest(),
                Optional.of(bot.id()),
                bot.perSecond(),
                bot.concurrent(),
                body.chat(),
                body.messages(),
                new TelegramCall(method.text(), body.contentType(), uncopied(body.bytes()), longest));
    }

    // Nobody gives it back to a pool when it was sent: it may be sent again.
    private static Buffer uncopied(byte[] bytes) {
        return Buffer.buffer(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes)));
    }

    private Future<byte[]> answer(Attempt attempt, TelegramAnswer answer) {
        return switch (answer) {
            case Done done -> Future.succeededFuture(done.body());
            case Refused refused when refused.errorCode() == UNAUTHORIZED -> tokenRefused(attempt.bot(), refused);
            case Refused refused
            when refused.isTooMany() ->
                paused(attempt, refused)
                        .compose(told -> attempt.isLast()
                                ? Future.failedFuture(CallProblem.of(refused))
                                : attempt(attempt.wanted(), attempt.number() + 1));
            case Refused refused -> Future.failedFuture(CallProblem.of(refused));
            case Failed failed -> Future.failedFuture(CallProblem.of(failed));
        };
    }

    // Whoever called is told that the bot is suspended, unless it has another token by now: 401 is about the caller's
    // own credential.
    private Future<byte[]> tokenRefused(BotSnapshot bot, Refused refused) {
        return onWorker(() -> bots.refused(bot, refused.description()))
                .compose(told -> bots.usable(bot.userId()))
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
