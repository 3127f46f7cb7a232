/** What permission queries mean. What the endpoints say stands in {@code api}. */
@NullMarked
package dev.latchkey.verification;

import org.jspecify.annotations.NullMarked;
