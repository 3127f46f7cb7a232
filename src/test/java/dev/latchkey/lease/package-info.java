/** Tests of leases. */
@NullMarked
package dev.latchkey.lease;

import org.jspecify.annotations.NullMarked;
