/** Texts that people can read, and those that are refused. */
@NullMarked
package dev.latchkey.platform.json;

import org.jspecify.annotations.NullMarked;
