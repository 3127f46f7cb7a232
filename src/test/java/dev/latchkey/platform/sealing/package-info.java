/** What a change of the keyset promises. */
@NullMarked
package dev.latchkey.platform.sealing;

import org.jspecify.annotations.NullMarked;
