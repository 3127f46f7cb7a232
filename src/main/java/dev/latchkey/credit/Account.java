package dev.latchkey.credit;

import java.time.Instant;
import java.util.Optional;

/**
 * An account as it was read.
 *
 * @param balance at most a moment behind what Redis has decided; it may be below zero
 * @param period the beginning of the latest period whose refill is in the balance, or when the account was opened
 */
public record Account(long balance, Optional<Refill> refill, Instant period) {

    /** What may be spent now, a refill that is due included. Never below zero. */
    public long remaining(Instant now) {
        var due = refill.filter(known -> known.periodStart(now).isAfter(period));
        return Math.max(0, due.map(known -> Math.max(balance, known.amount())).orElse(balance));
    }
}
