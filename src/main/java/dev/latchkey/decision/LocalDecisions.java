package dev.latchkey.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.PolicyState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Budgets counted in this process, for as long as Redis is away. Bounded: under pressure the least used subjects start anew. */
final class LocalDecisions {

    private static final Duration BRIEFEST = Duration.ofHours(1);

    private final LongSupplier micros;
    private final Cache<String, LocalBudget> budgets;

    LocalDecisions(long mostSubjects, LongSupplier micros) {
        this.micros = micros;
        // Longer than any window: what is dropped earlier is dropped for want of room.
        this.budgets = Caffeine.newBuilder()
                .maximumSize(mostSubjects)
                .expireAfter(Expiry.accessing(
                        (String key, LocalBudget budget) -> budget.longest().plus(BRIEFEST)))
                .build();
    }

    // One at a time: the budgets of a request are decided together, and this is for the time without Redis only.
    synchronized LimitDecision decide(LimitRequest request) {
        var now = micros.getAsLong();
        var states = new ArrayList<LocalBudget>();
        var admitted = true;
        for (var budget : request.budgets()) {
            var state = budgets.get(budget.keyEnd(), key -> new LocalBudget(budget));
            state.moveTo(now);
            states.add(state);
            admitted &= admits(state, budget, request.cost());
        }
        var policies = new ArrayList<PolicyState>();
        for (var i = 0; i < states.size(); i++) {
            policies.addAll(decided(states.get(i), request.budgets().get(i), request.cost(), admitted));
        }
        return LimitDecision.of(policies, DecidedBy.LOCAL);
    }

    private static boolean admits(LocalBudget state, Budget budget, long cost) {
        var policies = budget.policies();
        for (var i = 0; i < policies.size(); i++) {
            if (state.untilFits(i, policies.get(i), cost) > 0) {
                return false;
            }
        }
        return true;
    }

    private static List<PolicyState> decided(LocalBudget state, Budget budget, long cost, boolean admitted) {
        var policies = budget.policies();
        var waits = new long[policies.size()];
        for (var i = 0; i < waits.length; i++) {
            waits[i] = state.untilFits(i, policies.get(i), cost);
        }
        if (admitted && cost > 0) {
            state.take(cost, 0);
        }
        var states = new ArrayList<PolicyState>();
        for (var i = 0; i < waits.length; i++) {
            states.add(policies.get(i).state(state.used(i), state.untilNextIsFree(i), waits[i]));
        }
        return states;
    }
}
