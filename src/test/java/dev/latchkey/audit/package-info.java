/** The audit log against someone who can write to its tables. */
@NullMarked
package dev.latchkey.audit;

import org.jspecify.annotations.NullMarked;
