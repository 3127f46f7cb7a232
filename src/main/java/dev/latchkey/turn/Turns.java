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
import dev.latchkey.telegram.TelegramConfig;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Calls Telegram when it is a bot's turn. Non-blocking. */
@Singleton
public class Turns {

    private static final int NOT_FOUND = 404;
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
     * What came of the call, which is sent once. Fails as {@link Governor#admit} does, or as {@code token} does; nothing went out then.
     *
     * @param token is asked for when the turn has come
     */
    public Future<TelegramAnswer> call(Turn turn, Supplier<Future<BotToken>> token) {
        return governor.admit(turn.outgoing(timeout)).compose(permit -> opened(token)
                .onFailure(refusal -> permit.done(Outcome.UNSENT))
                .compose(open -> send(open, turn, permit)));
    }

    // What it throws is a failure like any other: the slot is given back.
    private static Future<BotToken> opened(Supplier<Future<BotToken>> token) {
        return Future.succeededFuture().compose(now -> token.get());
    }

    private Future<TelegramAnswer> send(BotToken token, Turn turn, Permit permit) {
        var began = System.nanoTime();
        return telegram.call(token, turn.call())
                .onSuccess(answer ->
                        permit.done(outcome(turn.method(), answer, Duration.ofNanos(System.nanoTime() - began))));
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

    /** Telegram has refused the call as one too many. Until when the whole bot pauses, if it does. */
    public Future<Optional<Instant>> pause(Turn turn, Refused refused) {
        return governor.pause(turn.outgoing(timeout), refused.retryAfter().orElse(SOME_PAUSE));
    }
}
