/** Tests of the binary form of chunks, and of what was decided about them. */
@NullMarked
package dev.latchkey.chunk;

import org.jspecify.annotations.NullMarked;
