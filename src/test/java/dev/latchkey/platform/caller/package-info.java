/** The algebra of scopes, by its laws. */
@NullMarked
package dev.latchkey.platform.caller;

import org.jspecify.annotations.NullMarked;
