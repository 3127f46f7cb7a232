/**
 * Telegram's Bot API: bot tokens as values, calls, and what their answers mean. Whether a call may go out now, and whose bot it is, is decided
 * elsewhere.
 *
 * <p>A call is a POST to {@code <url>/bot<token>/<method>}. It is sent once or not at all: {@link dev.latchkey.telegram.TelegramAnswer.Failed} says
 * whether it may have arrived.
 */
@NullMarked
package dev.latchkey.telegram;

import org.jspecify.annotations.NullMarked;
