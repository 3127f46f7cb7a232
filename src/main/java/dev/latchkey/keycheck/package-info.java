/**
 * A key asks about itself: is it valid, and what is it? The resource goes through all filters; what is asked most, by a JWT API key that this replica
 * knows, takes a short way of its own (ADR 0013), and is answered alike.
 */
@NullMarked
package dev.latchkey.keycheck;

import org.jspecify.annotations.NullMarked;
