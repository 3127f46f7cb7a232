package dev.latchkey.credential;

import dev.latchkey.credit.Refill;
import dev.latchkey.limit.CreditAccount;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** That the calls of a credential are counted down from an account of the ledger. */
public record CreditLimit(UUID account, Optional<Refill> refill) {

    /** The account as the decision needs it. */
    public CreditAccount at(Instant now) {
        return new CreditAccount(
                account,
                refill.map(one -> OptionalLong.of(one.amount())).orElseGet(OptionalLong::empty),
                refill.map(one -> one.periodStart(now)).orElse(Instant.EPOCH));
    }
}
