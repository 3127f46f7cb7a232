/** Bots as admins have them. */
@NullMarked
package dev.latchkey.botadmin;

import org.jspecify.annotations.NullMarked;
