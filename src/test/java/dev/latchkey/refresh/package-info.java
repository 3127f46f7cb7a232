/** Who is left alone, and by whom. */
@NullMarked
package dev.latchkey.refresh;

import org.jspecify.annotations.NullMarked;
