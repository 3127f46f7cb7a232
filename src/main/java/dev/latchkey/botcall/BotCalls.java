package dev.latchkey.botcall;

import dev.latchkey.bot.BotProblem;
import dev.latchkey.bot.BotSnapshot;
import dev.latchkey.bot.Bots;
import dev.latchkey.governor.Governor;
import dev.latchkey.governor.Outcome;
import dev.latchkey.governor.Outgoing;
import dev.latchkey.governor.Permit;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.telegram.BotToken;
import dev.latchkey.telegram.Telegram;
import dev.latchkey.telegram.TelegramAnswer;
import dev.latchkey.telegram.TelegramAnswer.Done;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Refused;
import dev.latchkey.telegram.TelegramCall;
import dev.latchkey.telegram.TelegramConfig;
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
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    // A pause that is not said how long.
    private static final Duration SOME_PAUSE = Duration.ofSeconds(1);

    private final Bots bots;
    private final LiveBots live;
    private final Governor governor;
    private final Telegram telegram;
    private final Duration timeout;

    BotCalls(Bots bots, LiveBots live, Governor governor, Telegram telegram, TelegramConfig config) {
        this.bots = bots;
        this.live = live;
        this.governor = governor;
        this.telegram = telegram;
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
        return usable(userId)
                .map(bot -> outgoing(bot, method, body))
                .compose(call ->
                        governor.admit(call).compose(permit -> sent(userId, method, body, new Turn(call, permit))))
                .compose(said -> answer(userId, method, body, number, said));
    }

    private record Turn(Outgoing call, Permit permit) {}

    private record Said(BotSnapshot bot, Outgoing call, TelegramAnswer answer) {}

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

    // It may have waited for its turn: what is true of the bot now counts.
    private Future<Said> sent(UUID userId, MethodName method, CallBody body, Turn turn) {
        return usable(userId)
                .map(bot -> new Opened(bot, live.token(bot)))
                .onFailure(refusal -> turn.permit().done(Outcome.UNSENT))
                .compose(opened -> {
                    var began = System.nanoTime();
                    return telegram.call(opened.token(), telegramCall(method, body, turn.call()))
                            .onSuccess(answer -> turn.permit()
                                    .done(outcome(method, answer, Duration.ofNanos(System.nanoTime() - began))))
                            .map(answer -> new Said(opened.bot(), turn.call(), answer));
                });
    }

    private record Opened(BotSnapshot bot, BotToken token) {}

    private static TelegramCall telegramCall(MethodName method, CallBody body, Outgoing call) {
        return new TelegramCall(method.text(), body.contentType(), Buffer.buffer(body.bytes()), call.longest());
    }

    private static Outcome outcome(MethodName method, TelegramAnswer answer, Duration took) {
        var status =
                switch (answer) {
                    case Done done -> 200;
                    case Refused refused -> refused.errorCode();
                    case Failed failed -> 0;
                };
        return new Outcome(status == NOT_FOUND ? MethodName.UNKNOWN : method.text(), status, took);
    }

    private Future<byte[]> answer(UUID userId, MethodName method, CallBody body, int number, Said said) {
        return switch (said.answer()) {
            case Done done -> Future.succeededFuture(done.body());
            case Refused refused when refused.errorCode() == UNAUTHORIZED -> tokenRefused(userId, said.bot(), refused);
            case Refused refused
            when refused.errorCode() == TOO_MANY ->
                paused(said, refused)
                        .compose(told -> number < MOST_TRIES
                                ? attempt(userId, method, body, number + 1)
                                : Future.failedFuture(CallProblem.of(refused)));
            case Refused refused -> Future.failedFuture(CallProblem.of(refused));
            case Failed failed
            when !failed.mayHaveArrived() && number < MOST_TRIES -> attempt(userId, method, body, number + 1);
            case Failed failed -> Future.failedFuture(BotProblem.of(failed));
        };
    }

    // Whoever called is told that the bot is suspended, unless it has another token by now: 401 is about the caller's
    // own credential.
    private Future<byte[]> tokenRefused(UUID userId, BotSnapshot bot, Refused refused) {
        return onWorker(() -> bots.refused(bot, refused.description()))
                .compose(told -> usable(userId))
                .compose(changed -> Future.failedFuture(BotProblem.of(refused)));
    }

    /** Whoever comes next waits, or is told how long, by the governor. */
    private Future<Void> paused(Said said, Refused refused) {
        return governor.pause(said.call(), refused.retryAfter().orElse(SOME_PAUSE))
                .compose(until -> until.map(end -> onWorker(() -> bots.paused(said.bot(), end)))
                        .orElseGet(Future::succeededFuture));
    }

    private Outgoing outgoing(BotSnapshot bot, MethodName method, CallBody body) {
        var longest = method.isLongPoll() ? timeout.plusSeconds(body.longPollSeconds()) : timeout;
        return new Outgoing(
                bot.id(), bot.perSecond(), bot.concurrent(), method.lower(), body.chat(), method.isMessage(), longest);
    }

    private static Future<Void> onWorker(Runnable work) {
        return Future.fromCompletionStage(CompletableFuture.runAsync(work, Infrastructure.getDefaultWorkerPool()));
    }
}
