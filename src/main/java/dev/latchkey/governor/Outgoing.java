package dev.latchkey.governor;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A call that wants to go out.
 *
 * @param perSecond how many calls of the bot may begin in a second
 * @param concurrent how many may be under way
 * @param chat where it goes to, as it was given: a number, or a name that begins with {@code @}
 * @param isMessage whether it counts as a message, for which Telegram has limits of its own
 * @param isCounted whether statistics have it
 * @param bytes what it holds in memory
 * @param longest how long it may take: if this process dies, its slot is free after that
 */
public record Outgoing(
        UUID bot,
        int perSecond,
        int concurrent,
        String method,
        Optional<String> chat,
        boolean isMessage,
        boolean isCounted,
        int bytes,
        Duration longest) {

    // Groups have numbers below 0; a name is never that of a person's chat.
    boolean isToGroup() {
        return chat.filter(to -> to.startsWith("-") || to.startsWith("@")).isPresent();
    }
}
