package dev.latchkey.turn;

import dev.latchkey.governor.Governor;
import dev.latchkey.governor.Outcome;
import dev.latchkey.governor.Permit;
import dev.latchkey.telegram.BotToken;
import dev.latchkey.telegram.Telegram;
import dev.latchkey.telegram.TelegramAnswer;
import dev.latchkey.telegram.TelegramAnswer.Done;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Refused;
import dev.latchkey.telegram.TelegramAnswer.Why;
import dev.latchkey.telegram.TelegramConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Calls Telegram when it is a bot's turn. Non-blocking. */
@Singleton
public class Turns {

    // For a connection, where there is none at once.
    private static final int MOST_TRIES = 3;
    // For a turn in which the call can leave: it may have to wait for a connection before.
    private static final int MOST_TURNS = 6;
    private static final Duration PAUSE = Duration.ofMillis(100);
    // A pause that is not said how long.
    private static final Duration SOME_PAUSE = Duration.ofSeconds(1);

    private final Governor governor;
    private final Telegram telegram;
    private final Duration timeout;

    Turns(Governor governor, Telegram telegram, TelegramConfig config) {
        this.governor = governor;
        this.telegram = telegram;
        this.timeout = config.timeout();
    }

    /**
     * What came of the call, which is sent once; nothing is sent where no connection is found, in three tries, or where it cannot leave in its turn, in six. Fails
     * as {@link Governor#admit} does, or as {@code token} does; nothing went out then.
     *
     * @param token is asked for when the turn has come
     */
    public Future<TelegramAnswer> call(Turn turn, Supplier<Future<BotToken>> token) {
        return call(turn, token, Promise.promise().future());
    }

    /** @param gone ends when nobody wants the call any more: it does not wait for its turn then */
    public Future<TelegramAnswer> call(Turn turn, Supplier<Future<BotToken>> token, Future<?> gone) {
        return governor.admit(turn.outgoing(timeout), gone).compose(permit -> send(turn, token, permit, 1));
    }

    private Future<TelegramAnswer> send(Turn turn, Supplier<Future<BotToken>> token, Permit permit, int number) {
        var began = System.nanoTime();
        return attempted(token)
                .compose(open -> telegram.call(open, turn.call(), permit::mayLeave))
                .onFailure(failure -> permit.unsent())
                .compose(answer -> {
                    var isLate = isUnsent(answer, Why.LATE);
                    if (isLate && number < MOST_TURNS) {
                        // Redis may be what is slow: it is asked less and less.
                        return permit.again(PAUSE.multipliedBy(number - 1L))
                                .compose(next -> send(turn, token, next, number + 1));
                    }
                    if (isUnsent(answer, Why.UNREACHABLE) && number < MOST_TRIES) {
                        return permit.again(PAUSE.multipliedBy(number))
                                .compose(next -> send(turn, token, next, number + 1));
                    }
                    if (isLate) {
                        permit.unsent();
                    } else {
                        var took = Duration.ofNanos(System.nanoTime() - began);
                        permit.done(new Outcome(turn.method().counted(), status(answer), took));
                    }
                    return Future.succeededFuture(answer);
                });
    }

    private static boolean isUnsent(TelegramAnswer answer, Why why) {
        return answer.equals(new Failed(why, false));
    }

    // What it throws is a failure like any other.
    private static <T> Future<T> attempted(Supplier<Future<T>> attempt) {
        return Future.succeededFuture().compose(now -> attempt.get());
    }

    private static int status(TelegramAnswer answer) {
        return switch (answer) {
            case Done done -> 200;
            case Refused refused -> refused.errorCode();
            case Failed failed -> 0;
        };
    }

    /**
     * Telegram has refused the call as one too many. Until when the whole bot pauses, if it does, and Redis says so at once: nothing goes out while it is away, and
     * when it is back within some seconds, it has been told.
     */
    public Future<Optional<Instant>> pause(Turn turn, Refused refused) {
        return governor.pause(turn.outgoing(timeout), refused.retryAfter().orElse(SOME_PAUSE))
                .recover(failure -> failure instanceof TimeoutException
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }
}
