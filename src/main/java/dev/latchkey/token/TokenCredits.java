package dev.latchkey.token;

import dev.latchkey.credential.CreditLimit;
import dev.latchkey.credit.CreditLedger;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What tokens have left. A line of rotations is one account of the ledger, by the id of its first token. */
@ApplicationScoped
class TokenCredits {

    private final CreditLedger ledger;
    private final Clock clock;

    TokenCredits(CreditLedger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Opens the account of a token that begins a line, in the caller's transaction. */
    void open(ApiToken token, Credits credits) {
        ledger.open(token.tenantId, token.familyId, credits.remaining(), credits.refillOfLedger());
    }

    /** The accounts that calls of these lines are counted down from, by the id of the line; of those whose are not there is none. */
    Map<UUID, CreditLimit> limits(Collection<UUID> families) {
        var limits = new HashMap<UUID, CreditLimit>();
        if (!families.isEmpty()) {
            ledger.find(families)
                    .forEach((family, account) -> limits.put(family, new CreditLimit(family, account.refill())));
        }
        return limits;
    }

    /** Null for a token whose calls are not counted down. */
    @Nullable
    Credits of(ApiToken token) {
        return of(List.of(token)).get(token.familyId);
    }

    /** By the id of the line, in one query, without those that are not counted down. */
    Map<UUID, Credits> of(Collection<ApiToken> tokens) {
        var now = clock.instant();
        var families = tokens.stream().map(token -> token.familyId).distinct().toList();
        var credits = new HashMap<UUID, Credits>();
        ledger.find(families).forEach((family, account) -> credits.put(family, Credits.of(account, now)));
        return credits;
    }
}
