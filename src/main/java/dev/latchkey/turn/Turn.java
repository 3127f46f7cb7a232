package dev.latchkey.turn;

import dev.latchkey.governor.Outgoing;
import dev.latchkey.telegram.BotToken;
import dev.latchkey.telegram.TelegramCall;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A call of a bot that wants its turn.
 *
 * @param bot whose limits count
 * @param perSecond how many calls of the bot may begin in a second
 * @param concurrent how many may be under way
 * @param isCounted whether statistics have it: what this service asks by itself they do not
 * @param chat where it goes to, as it was given: a number, or a name that begins with {@code @}
 */
public record Turn(
        UUID bot, int perSecond, int concurrent, boolean isCounted, Optional<String> chat, TelegramCall call) {

    /** What the limits of a bot go by that nobody keeps yet: nobody else can name it who does not know the token. */
    public static UUID stranger(BotToken token) {
        var digest = ByteBuffer.wrap(token.digest());
        return new UUID(digest.getLong(), digest.getLong());
    }

    MethodName method() {
        return new MethodName(call.method());
    }

    Outgoing outgoing(Duration usual) {
        return new Outgoing(
                bot,
                perSecond,
                concurrent,
                method().lower(),
                chat,
                method().isMessage(),
                isCounted,
                call.body().length(),
                call.timeout().isZero() ? usual : call.timeout());
    }
}
