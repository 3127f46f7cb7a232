/**
 * What a decision leaves behind, and what it starts from: verifications that were decided together become one chunk of the usage stream, refusals
 * that no limit bounds travel together, and balances come from the credit ledger.
 */
@NullMarked
package dev.latchkey.settlement;

import org.jspecify.annotations.NullMarked;
