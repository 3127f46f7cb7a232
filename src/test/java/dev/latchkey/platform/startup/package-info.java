/** What stops a start. */
@NullMarked
package dev.latchkey.platform.startup;

import org.jspecify.annotations.NullMarked;
