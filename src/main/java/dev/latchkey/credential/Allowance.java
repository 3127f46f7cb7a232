package dev.latchkey.credential;

import com.github.benmanes.caffeine.cache.Interner;
import dev.latchkey.limit.Budget;
import dev.latchkey.limit.Policy;
import dev.latchkey.limit.Slots;
import java.util.List;
import java.util.Optional;

/**
 * What the calls of a credential may use. Each kind of limit is a budget of its own: one that is added, changed or taken away leaves what was
 * used of the others as it is. Make it once for each snapshot.
 */
public final class Allowance {

    // Most credentials have limits of the same names.
    private static final Interner<List<String>> NAMES = Interner.newWeakInterner();

    private final List<Budget> calls;
    private final List<Budget> verifications;
    private final Optional<Slots> slots;
    private final List<String> policies;
    private final List<String> shadowPolicies;

    private Allowance(List<Budget> budgets) {
        verifications = List.copyOf(budgets);
        var ofCalls = budgets.stream()
                .filter(budget -> !budget.isShadow() && budget.slots().isEmpty())
                .toList();
        calls = ofCalls.equals(verifications) ? verifications : ofCalls;
        slots = budgets.stream().flatMap(budget -> budget.slots().stream()).findFirst();
        policies = names(false);
        shadowPolicies = names(true);
    }

    /** @param budgets of one subject, at least one of them without slots and for more than watching; those that only watch come last */
    public static Allowance of(List<Budget> budgets) {
        return new Allowance(budgets);
    }

    private List<String> names(boolean shadow) {
        // A copy of this is itself: each verification makes one.
        return NAMES.intern(List.copyOf(verifications.stream()
                .filter(budget -> budget.isShadow() == shadow)
                .flatMap(budget -> budget.policies().stream())
                .map(Policy::name)
                .toList()));
    }

    /**
     * For a call to this service itself. It takes no slot, since nobody would give that back, and is nothing that those limits are tried out on
     * that only watch.
     */
    public List<Budget> calls() {
        return calls;
    }

    /** For a verification: all of them. */
    public List<Budget> verifications() {
        return verifications;
    }

    /** Whether a call may use what a verification may, and nothing else. */
    public boolean isTheSameForCalls() {
        return calls.equals(verifications);
    }

    public Optional<Slots> slots() {
        return slots;
    }

    /** The names of the limits that may refuse a verification, in their order. */
    public List<String> policies() {
        return policies;
    }

    /** The names of those after them that only watch. */
    public List<String> shadowPolicies() {
        return shadowPolicies;
    }
}
