/** Lines that nobody waits for. */
@NullMarked
package dev.latchkey.platform.auditline;

import org.jspecify.annotations.NullMarked;
