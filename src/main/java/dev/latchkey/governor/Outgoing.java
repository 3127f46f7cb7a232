package dev.latchkey.governor;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A call that wants to go out.
 *
 * @param line whose limits count: all calls with the same token have the same one
 * @param counted as what statistics have it; empty: they do not
 * @param perSecond how many calls of the line may begin in a second
 * @param concurrent how many may be under way
 * @param method the same for all cases of letters
 * @param chat where it goes to: a number, or a name that begins with {@code @}; written in one way only
 * @param messages how many messages it counts as, for which Telegram has limits of its own; 0 if it is none
 * @param bytes what it holds in memory
 * @param longest how long it may take: if this process dies, its slot is free after that
 */
public record Outgoing(
        UUID line,
        Optional<UUID> counted,
        int perSecond,
        int concurrent,
        String method,
        Optional<String> chat,
        int messages,
        int bytes,
        Duration longest) {

    boolean isMessage() {
        return messages > 0;
    }

    // Groups have numbers below 0; a name is never that of a person's chat.
    boolean isToGroup() {
        return chat.filter(to -> to.startsWith("-") || to.startsWith("@")).isPresent();
    }
}
