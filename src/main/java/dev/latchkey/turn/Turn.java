package dev.latchkey.turn;

import dev.latchkey.governor.Outgoing;
import dev.latchkey.telegram.TelegramCall;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A call of a bot that wants its turn.
 *
 * @param digest of the token: limits go by it, also while the bot is not kept
 * @param counted as what statistics have it; empty: they do not, as it is this service that asks
 * @param perSecond how many calls of the bot may begin in a second
 * @param concurrent how many may be under way
 * @param chat where it goes to: a number, or a name that begins with {@code @}; written in one way only
 * @param messages how many it sends, if it is one that sends any
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Turn(
        byte[] digest,
        Optional<UUID> counted,
        int perSecond,
        int concurrent,
        Optional<String> chat,
        int messages,
        TelegramCall call) {

    /** What limits go by. */
    public static UUID line(byte[] digest) {
        var bytes = ByteBuffer.wrap(digest);
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    MethodName method() {
        return new MethodName(call.method());
    }

    Outgoing outgoing(Duration usual) {
        return new Outgoing(
                line(digest),
                counted,
                perSecond,
                concurrent,
                method().lower(),
                chat,
                method().isMessage() ? messages : 0,
                call.body().length(),
                call.timeout().isZero() ? usual : call.timeout());
    }
}
