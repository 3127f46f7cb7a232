/** What verification is made of, as plain objects. */
@NullMarked
package dev.latchkey.verification;

import org.jspecify.annotations.NullMarked;
