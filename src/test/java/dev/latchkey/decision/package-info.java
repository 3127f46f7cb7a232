/** Deciding limits, on real Redis servers and as plain objects. */
@NullMarked
package dev.latchkey.decision;

import org.jspecify.annotations.NullMarked;
