package dev.latchkey.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.PolicyState;
import dev.latchkey.platform.id.Uuid7;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        var shadowAdmits = true;
        for (var budget : request.budgets()) {
            var state = budgets.get(budget.keyEnd(), key -> new LocalBudget(budget));
            state.follow(budget);
            state.moveTo(now);
            states.add(state);
            var fits = admits(state, budget, request.cost());
            admitted &= fits || budget.isShadow();
            shadowAdmits &= fits || !budget.isShadow();
        }
        var slot = admitted && request.cost() > 0 && request.takesSlot()
                ? Optional.of(Uuid7.next().toString())
                : Optional.<String>empty();
        var policies = new ArrayList<PolicyState>();
        var shadow = new ArrayList<PolicyState>();
        for (var i = 0; i < states.size(); i++) {
            var budget = request.budgets().get(i);
            // What limits that only watch would have refused is not counted in them: they stand as if they were in
            // force.
            var taken = admitted && (shadowAdmits || !budget.isShadow());
            (budget.isShadow() ? shadow : policies).addAll(decided(states.get(i), budget, request, taken, slot));
        }
        return new LimitDecision(admitted, policies, shadow, DecidedBy.LOCAL, Optional.empty(), slot);
    }

    /** Gives a slot back that was taken here; false if it was not, or its lease has ended. */
    synchronized boolean release(List<Budget> held, String slot) {
        var released = false;
        for (var budget : held) {
            var state = budgets.getIfPresent(budget.keyEnd());
            released |= state != null && state.release(slot);
        }
        return released;
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

    private static List<PolicyState> decided(
            LocalBudget state, Budget budget, LimitRequest request, boolean taken, Optional<String> slot) {
        var policies = budget.policies();
        var cost = request.cost();
        var waits = new long[policies.size()];
        for (var i = 0; i < waits.length; i++) {
            waits[i] = state.untilFits(i, policies.get(i), cost);
        }
        if (taken && cost > 0) {
            state.take(cost, request.usableFor().toNanos() / 1000);
            slot.ifPresent(state::hold);
        }
        var states = new ArrayList<PolicyState>();
        for (var i = 0; i < waits.length; i++) {
            states.add(policies.get(i).state(state.used(i), state.untilNextIsFree(i), waits[i]));
        }
        return states;
    }
}
