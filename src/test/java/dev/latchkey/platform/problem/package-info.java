/** Errors as values; what an endpoint makes of them stands in {@code dev.latchkey.api}. */
@NullMarked
package dev.latchkey.platform.problem;

import org.jspecify.annotations.NullMarked;
