/** Identifiers: UUIDv7, ordered by time. */
@NullMarked
package dev.latchkey.platform.id;

import org.jspecify.annotations.NullMarked;
