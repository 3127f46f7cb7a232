/** The laws of identifiers. */
@NullMarked
package dev.latchkey.platform.id;

import org.jspecify.annotations.NullMarked;
