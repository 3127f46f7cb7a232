/**
 * Calls of Telegram, each in its turn ({@link dev.latchkey.turn.Turns}): whoever calls it with a bot's token does so here, and nowhere else, so that no call passes
 * the governor by.
 *
 * <p>Invariants: what goes out was admitted, and gives its slot back, whatever comes of it; the token is asked for after that, so that what is true of the bot when
 * its turn comes counts. What is not sent, as its bot may call nothing by then or it was too late each time,
 * is not counted; what found no connection is, as a call that failed.
 */
@NullMarked
package dev.latchkey.turn;

import org.jspecify.annotations.NullMarked;
