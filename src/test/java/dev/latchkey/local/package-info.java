/** The real PostgreSQL and Redis that every test shares, and the tests of how they start and end. */
@NullMarked
package dev.latchkey.local;

import org.jspecify.annotations.NullMarked;
