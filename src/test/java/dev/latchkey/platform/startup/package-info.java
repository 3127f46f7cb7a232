/** What sealing promises. */
@NullMarked
package dev.latchkey.platform.startup;

import org.jspecify.annotations.NullMarked;
