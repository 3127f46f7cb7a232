/** What sealing promises. */
@NullMarked
package dev.latchkey.platform.sealing;

import org.jspecify.annotations.NullMarked;
