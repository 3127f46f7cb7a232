/** A real PostgreSQL and a real Redis of our own, for development, tests and a first look. */
@NullMarked
package dev.latchkey.local;

import org.jspecify.annotations.NullMarked;
