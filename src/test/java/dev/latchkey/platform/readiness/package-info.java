/** What readiness promises. */
@NullMarked
package dev.latchkey.platform.readiness;

import org.jspecify.annotations.NullMarked;
