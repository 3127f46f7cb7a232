/** Forged tokens, made with what only this package can reach. */
@NullMarked
package dev.latchkey.signing;

import org.jspecify.annotations.NullMarked;
