package dev.latchkey.limit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a limit decides on.
 *
 * @param budgets all that must admit the cost, of the subject that pays first; policies have names of their own over all of them, and again
 *     over those that only watch
 * @param account pays as well; empty where credits are not counted
 * @param cost units, and credits; 0 peeks: it is always admitted, and consumes nothing
 * @param usableFor how long after the decision the units may be used: they are given back so much later
 */
public record LimitRequest(List<Budget> budgets, Optional<CreditAccount> account, long cost, Duration usableFor) {

    public LimitRequest {
        budgets = List.copyOf(budgets);
        if (budgets.isEmpty()) {
            throw new IllegalArgumentException("A limit needs a budget");
        }
        if (cost < 0 || cost > Policy.LARGEST) {
            throw new IllegalArgumentException("Not a cost: " + cost);
        }
    }

    public LimitRequest(List<Budget> budgets, Optional<CreditAccount> account, long cost) {
        this(budgets, account, cost, Duration.ZERO);
    }

    public LimitRequest(List<Budget> budgets, long cost) {
        this(budgets, Optional.empty(), cost);
    }

    /** Units that are taken to be used within a time. */
    public LimitRequest(Budget budget, long cost, Duration usableFor) {
        this(List.of(budget), Optional.empty(), cost, usableFor);
    }

    public LimitRequest(Budget budget, long cost) {
        this(List.of(budget), cost);
    }

    public LimitRequest(String subject, List<? extends Policy> policies, long cost) {
        this(new Budget(subject, policies), cost);
    }

    /** The kind of subject that pays. */
    public String kind() {
        return budgets.getFirst().kind();
    }

    /** Whether a call that is admitted holds a slot. */
    public boolean takesSlot() {
        for (var budget : budgets) {
            if (budget.slots().isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing is limited. */
    public boolean isUnlimited() {
        for (var budget : budgets) {
            if (!budget.policies().isEmpty()) {
                return false;
            }
        }
        return account.isEmpty();
    }
}
