/**
 * The Telegram bots of users: one for each user, with what its owner does with it.
 *
 * <p>A token is asked of Telegram ({@code getMe}) before it is kept, and never while a transaction is open. It is sealed, bound to its row, never told, and
 * known by its digest, which is unique: no two users have the same. What a bot may do next is said by one plain object, {@code BotState}; each change of it is
 * made with the row locked, put on record, told by a {@link dev.latchkey.bot.BotEvent}, and forgotten by the near caches of all replicas.
 *
 * <p>A bot that an admin suspended stays where it is: its owner may look at it, and nothing else. One that Telegram refused may be verified again, or removed.
 *
 * <p>Table: {@code bots}, whose {@code total_requests} and {@code last_used_at} are written by who calls. Events: {@link dev.latchkey.bot.BotEvent}. Others call
 * {@link dev.latchkey.bot.Bots}.
 */
@NullMarked
package dev.latchkey.bot;

import org.jspecify.annotations.NullMarked;
