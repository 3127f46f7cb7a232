package dev.latchkey.decision;

import java.time.Instant;
import java.util.UUID;

/** Where balances come from that Redis does not have: it was emptied, or the account rested for a week. */
public interface Accounts {

    /** @param period up to which refills are in the balance */
    record Opening(long balance, Instant period) {}

    /**
     * What the account has now, and nothing if there is none. Blocking.
     *
     * @param id of a {@code CreditAccount}
     */
    Opening open(UUID id);
}
