/** Errors as callers see them (RFC 9457), the catalogue that all features share, and the one mapper from exceptions to answers. */
@NullMarked
package dev.latchkey.platform.problem;

import org.jspecify.annotations.NullMarked;
