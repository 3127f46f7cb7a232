package dev.latchkey.limit;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one subject may use. Make it once for each subject, and keep it: what the decision in Redis needs of it is computed here.
 *
 * <p>The same subject with windows of other lengths is another budget, which starts unused; a changed limit is not.
 */
public final class Budget {

    // Braces would move the hash tag that keeps the keys of a subject on one node of a cluster.
    private static final Pattern SUBJECT = Pattern.compile("[a-z_]{1,32}:[^\\s{}\\p{Cntrl}]{1,200}");
    private static final String BEGIN = "limits:";

    private final String kind;
    private final String subject;
    private final PolicySet set;

    /**
     * @param subject whose budget it is, as {@code kind:id}, such as {@code token:<uuid>} or {@code address:192.0.2.7}; the kind becomes a metric's tag
     * @param policies all that must admit; none means no limit; at most one of them {@link Slots}
     */
    public Budget(String subject, List<? extends Policy> policies) {
        this(subject, policies, false);
    }

    /**
     * One that never refuses: it tells what it would have refused, so that a limit can be tried out. It stands as if it were in force: what it
     * would have refused does not count in it, nor what another budget refuses. Its state is its own.
     *
     * @param policies windows and buckets: a slot would have to be given back
     */
    public static Budget shadow(String subject, List<? extends Policy> policies) {
        if (policies.stream().anyMatch(Slots.class::isInstance)) {
            throw new IllegalArgumentException("Slots cast no shadow");
        }
        return new Budget(subject, policies, true);
    }

    private Budget(String subject, List<? extends Policy> policies, boolean shadow) {
        if (!SUBJECT.matcher(subject).matches()) {
            throw new IllegalArgumentException("Not the subject of a limit");
        }
        this.set = PolicySet.of(policies, shadow);
        this.kind = subject.substring(0, subject.indexOf(':')).intern();
        this.subject = subject;
    }

    public String subject() {
        return subject;
    }

    /** Windows first, then buckets, then slots. */
    public List<Policy> policies() {
        return set.policies;
    }

    /** The subject's part before the colon. */
    public String kind() {
        return kind;
    }

    /** What follows the hash tag in its keys. Not kept: there are many budgets in memory. */
    public String keyEnd() {
        return BEGIN + subject + set.shape;
    }

    /** Its policies as the script of decisions reads them; where there are slots, the id of the slot to take must follow. */
    public byte[] packed() {
        return set.packed;
    }

    public Optional<Slots> slots() {
        return set.slots;
    }

    /** Whether units may be taken long before they are used: of windows only. */
    public boolean isLeasable() {
        return set.onlyWindows && !set.shadow;
    }

    /** Whether it is of the same subject, with the same policies. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Budget budget && subject.equals(budget.subject) && set.equals(budget.set);
    }

    @Override
    public int hashCode() {
        return subject.hashCode();
    }

    /** Whether it only watches. */
    public boolean isShadow() {
        return set.shadow;
    }
}
