/**
 * Calls of bots. A user's bot calls any method of the Bot API ({@code POST /api/user-bot/call/{method}}): its token is unsealed here, and where it is verified ({@code bot}); each call
 * gets its turn from the governor, and Telegram's answer goes back with the token cut out.
 *
 * <p>Invariants: a bot that is suspended, stopped or not verified calls nothing, also if it began to wait before; what goes out was admitted, and gives its
 * slot back, whoever goes away meanwhile; nothing is sent twice that may have been done. A token that Telegram refuses suspends the bot; a pause that Telegram wants
 * holds for whoever comes next, on every replica.
 *
 * <p>Live bots, with their tokens open, are few and go when they are idle ({@code LiveBots}). Shutting down waits for calls under way, as for all requests
 * ({@code quarkus.shutdown.timeout}).
 *
 * <p>Tables: {@code bot_call_days}, {@code bot_call_tallies}; {@code bots.total_requests} and {@code bots.last_used_at} are added to here.
 */
@NullMarked
package dev.latchkey.botcall;

import org.jspecify.annotations.NullMarked;
