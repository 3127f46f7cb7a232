package dev.latchkey.limit;

import static java.util.Comparator.comparingLong;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer to a {@link LimitRequest}.
 *
 * @param policies one state for each policy of each budget that may refuse, in that order; none when nobody counted ({@code OPEN}, {@code CLOSED})
 * @param shadow the same of the budgets that only watch
 * @param credits how the account stands, if there is one and it was asked
 * @param slot the id of the slot that was taken, to give it back
 */
public record LimitDecision(
        boolean allowed,
        List<PolicyState> policies,
        List<PolicyState> shadow,
        DecidedBy decidedBy,
        Optional<CreditState> credits,
        Optional<String> slot) {

    /** Who decided. */
    public enum DecidedBy {
        /** Redis, exactly and for all replicas. */
        REDIS,
        /** Nobody, as there is no limit. */
        NONE,
        /** Redis, exactly and for all replicas, but in advance: the units were taken before they were asked for. */
        LEASE,
        /** This replica alone, as Redis is away. */
        LOCAL,
        /** Nobody: Redis is away, and everything is admitted. */
        OPEN,
        /** Nobody: Redis is away, and everything is refused. This is 503 {@code unavailable}, and not 429. */
        CLOSED;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As metrics say it. */
        public String word() {
            return word;
        }
    }

    private static final Comparator<PolicyState> SOONEST_EXHAUSTED = comparingLong(PolicyState::remaining)
            .thenComparing(comparingLong(PolicyState::resetSeconds).reversed());

    /** Refused for want of anybody who could count. */
    public static final LimitDecision NOBODY_DECIDES = new LimitDecision(false, List.of(), DecidedBy.CLOSED);

    /** Admitted, as there is no limit. */
    public static final LimitDecision UNLIMITED = new LimitDecision(true, List.of(), DecidedBy.NONE);

    public LimitDecision {
        policies = List.copyOf(policies);
        shadow = List.copyOf(shadow);
    }

    public LimitDecision(boolean allowed, List<PolicyState> policies, DecidedBy decidedBy) {
        this(allowed, policies, List.of(), decidedBy, Optional.empty(), Optional.empty());
    }

    /** Allowed if no policy refused. */
    public static LimitDecision of(List<PolicyState> policies, DecidedBy decidedBy) {
        return new LimitDecision(policies.stream().noneMatch(PolicyState::refused), policies, decidedBy);
    }

    /** The names of the policies that refused. */
    public List<String> violated() {
        return allowed ? List.of() : refusing(policies);
    }

    /** The names of the policies that only watch, and would have refused what was admitted. */
    public List<String> shadowViolated() {
        return allowed && !shadow.isEmpty() ? refusing(shadow) : List.of();
    }

    private static List<String> refusing(List<PolicyState> states) {
        return states.stream()
                .filter(PolicyState::refused)
                .map(PolicyState::name)
                .toList();
    }

    /**
     * After how many seconds the same cost is admitted, if nothing else is spent meanwhile: at least 1, and 0 if it was allowed. Empty if it
     * never is, as it is above a limit itself.
     */
    public OptionalLong retryAfterSeconds() {
        if (allowed) {
            return OptionalLong.of(0);
        }
        var longest =
                policies.stream().mapToLong(PolicyState::waitSeconds).max().orElse(1);
        return longest == PolicyState.NEVER ? OptionalLong.empty() : OptionalLong.of(Math.max(1, longest));
    }

    /**
     * The policy that will be exhausted first: the one with the fewest units left, and among equals the one that takes
     * longest to give one back. After a refusal it is one that refused, as every other has room for the cost.
     */
    public Optional<PolicyState> closest() {
        return policies.isEmpty() ? Optional.empty() : Optional.of(Collections.min(policies, SOONEST_EXHAUSTED));
    }
}
