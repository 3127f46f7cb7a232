/** What sealing promises. */
@NullMarked
package dev.latchkey.platform.crypto;

import org.jspecify.annotations.NullMarked;
