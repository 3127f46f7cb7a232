package dev.latchkey.lease;

import dev.latchkey.limit.Budget;
import java.util.LinkedHashMap;
import java.util.Map;

/** The leases of one event loop, by budget: what was taken under another limit is not used any more. Bounded: those that were asked for longest ago are forgotten, with what they held. */
final class LeaseBook {

    static final int MOST = 10_000;

    private final Map<Budget, Lease> leases = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Budget, Lease> eldest) {
            return size() > MOST;
        }
    };

    Lease of(Budget budget, long now) {
        var known = leases.get(budget);
        if (known != null) {
            return known;
        }
        var lease = new Lease(budget, now);
        leases.put(budget, lease);
        return lease;
    }
}
