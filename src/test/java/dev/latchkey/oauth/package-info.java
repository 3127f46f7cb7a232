/** Connections, with a certified provider on the other side. */
@NullMarked
package dev.latchkey.oauth;

import org.jspecify.annotations.NullMarked;
