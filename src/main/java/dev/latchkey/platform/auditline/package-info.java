/** Lines about uses that other programs read: {@code API_AUDIT}, {@code TOKEN_AUDIT}. They are written behind the answers that they tell of. */
@NullMarked
package dev.latchkey.platform.auditline;

import org.jspecify.annotations.NullMarked;
