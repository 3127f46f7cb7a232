package dev.latchkey.limit;

import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.vertx.core.MultiMap;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;

/** What a limit decision means for the answer. */
public final class LimitAnswer {

    private static final Set<DecidedBy> EXACT = EnumSet.of(DecidedBy.REDIS, DecidedBy.LEASE, DecidedBy.NONE);

    /** Says that Redis was away, and what decided instead. Absent in the normal case. */
    static final String DECIDED_BY = "X-Latchkey-Limits";

    private LimitAnswer() {}

    /**
     * Adds the headers, refused or not.
     *
     * @throws Problem {@code rate_limited}, or {@code unavailable} if the policy is to refuse while Redis is away
     */
    public static void apply(LimitDecision decision, MultiMap headers) {
        describe(decision, headers);
        if (!decision.allowed()) {
            throw refusal(decision);
        }
    }

    /** Adds the headers. */
    public static void describe(LimitDecision decision, MultiMap headers) {
        headers.addAll(LimitHeaders.of(decision));
        if (!EXACT.contains(decision.decidedBy())) {
            headers.set(DECIDED_BY, decision.decidedBy().word());
        }
    }

    /** Of a decision that is not allowed. */
    public static Problem refusal(LimitDecision decision) {
        if (decision.decidedBy() == DecidedBy.CLOSED) {
            return new Problem(CommonProblem.UNAVAILABLE, "Limits cannot be checked now; try again shortly")
                    .header("Retry-After", "1");
        }
        return retryAfter(
                new Problem(CommonProblem.RATE_LIMITED, detail(decision))
                        .with("violated_policies", decision.violated()),
                decision.retryAfterSeconds());
    }

    /** What a refused caller reads. */
    public static String detail(LimitDecision decision) {
        return decision.retryAfterSeconds().isPresent()
                ? "The limit is used up; see Retry-After"
                : "The cost is above the limit itself, and is never admitted";
    }

    private static Problem retryAfter(Problem problem, OptionalLong seconds) {
        seconds.ifPresent(known -> problem.header("Retry-After", Long.toString(known)));
        return problem;
    }
}
