package dev.latchkey.settlement;

import dev.latchkey.credit.CreditLedger;
import dev.latchkey.decision.Accounts;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.UUID;

/** Balances come from the credit ledger. */
@ApplicationScoped
class LedgerAccounts implements Accounts {

    private final CreditLedger ledger;
    private final Clock clock;

    LedgerAccounts(CreditLedger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public Opening open(UUID id) {
        var now = clock.instant();
        return ledger.load(id, now)
                .map(account -> new Opening(account.balance(), account.period()))
                .orElseGet(() -> new Opening(0, now));
    }
}
