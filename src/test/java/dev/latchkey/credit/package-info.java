/** Tests of the credit ledger. */
@NullMarked
package dev.latchkey.credit;

import org.jspecify.annotations.NullMarked;
