/**
 * The credit ledger: how many calls an account has left, and every movement that made it so.
 *
 * <p>An account ({@code credit_accounts}) has a balance and, if it is filled up again, a {@link dev.latchkey.credit.Refill}. Every movement is a row of {@code
 * credit_entries}: the grant at the beginning, refills, and what was spent. Credits are decided in Redis, in front of this: {@link
 * dev.latchkey.credit.CreditLedger#load} tells Redis what to begin with; what Redis decided from then on comes back with the uses that were
 * metered ({@link dev.latchkey.credit.Movement}), and is booked in the transaction that writes them.
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>The balance is the sum of the entries: both are written in one transaction, with the account's row locked.
 *   <li>A refill fills up to its amount and takes nothing away. It is there once for each period, whoever tells of it: its entry's id is made of the
 *       period. Periods that went by unused are not made up for.
 *   <li>A refill that is told after the ledger itself has refilled that period, or a later one, is not added: the balance was full then.
 *   <li>The balance falls below zero only when calls are told that Redis let through from a balance it has since lost.
 * </ul>
 *
 * <p>Whose an account is, its opener knows: a line of rotated tokens shares one. Nobody outside learns an account's id.
 */
@NullMarked
package dev.latchkey.credit;

import org.jspecify.annotations.NullMarked;
