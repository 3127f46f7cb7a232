/**
 * What may go out to Telegram now. Telegram bans bots that do not heed its limits, and tells of most of them only when they are passed; several replicas
 * send for the same bot. So every call asks for its turn first ({@link dev.latchkey.governor.Governor}), and gets it by one script in Redis, on whose clock all limits are: all of them
 * or none.
 *
 * <p>Limits are those of a line, which is a bot's token: who keeps it, and since when, changes nothing. They are: calls of the bot in a second and under way at a time (its own), messages of the bot in a second, into one chat in a second, into one group in a
 * minute (Telegram's), and the pauses that Telegram asked for ({@code retry_after}). It does not say what is to pause: that is the chat, or the method of what
 * has no chat, and the whole bot once two of these pause at a time, or where {@code getMe} was refused.
 *
 * <p>Invariants: no span of the length of a limit has more calls in it than the limit, by Redis' clock, over all replicas; spans are longer by a margin, as
 * not every call takes the same time to Telegram. A slot that nobody gives back, as its process died, is free when its call would have been over. Who waits is
 * served in turn, and waits for nothing that only others need: a chat that pauses keeps its own messages back. While Redis is away nothing goes out.
 *
 * <p>Each call is counted where it is admitted, by the same script, and what became of it when it has ended: of a process that dies the latter is not known.
 * {@link dev.latchkey.governor.Tallies} gives the counts to whoever keeps them, each once, whatever dies in between.
 */
@NullMarked
package dev.latchkey.governor;

import org.jspecify.annotations.NullMarked;
