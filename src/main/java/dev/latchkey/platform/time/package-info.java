/**
 * The clock, as something to inject, so that a test can hold it.
 */
@NullMarked
package dev.latchkey.platform.time;

import org.jspecify.annotations.NullMarked;
