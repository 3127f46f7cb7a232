/** Pages, written by hand. */
@NullMarked
package dev.latchkey.platform.html;

import org.jspecify.annotations.NullMarked;
