/** Bots as their owners have them, with a Bot API that is on this machine. */
@NullMarked
package dev.latchkey.bot;

import org.jspecify.annotations.NullMarked;
