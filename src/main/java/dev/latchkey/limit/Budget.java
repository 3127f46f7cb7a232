package dev.latchkey.limit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one subject may use. Make it once for each subject, and keep it: what the decision in Redis needs of it is computed here.
 *
 * <p>The same subject with windows of other lengths is another budget, which starts unused; a changed limit is not.
 */
public final class Budget {

    // Braces would move the hash tag that keeps the keys of a subject on one node of a cluster.
    private static final Pattern SUBJECT = Pattern.compile("[a-z_]{1,32}:[^\\s{}\\p{Cntrl}]{1,200}");
    private static final int MOST_POLICIES = 16;
    // Added to the number of windows in the plan.
    private static final int SHADOW = 128;

    private final String subject;
    private final String kind;
    private final List<Policy> policies;
    private final String keyEnd;
    private final Optional<Slots> slots;
    private final byte[] plan;
    private final boolean leasable;
    private final boolean shadow;

    /**
     * @param subject whose budget it is, as {@code kind:id}, such as {@code token:<uuid>} or {@code address:192.0.2.7}; the kind becomes a metric's tag
     * @param policies all that must admit; none means no limit; at most one of them {@link Slots}
     */
    public Budget(String subject, List<? extends Policy> policies) {
        this(subject, policies, false);
    }

    /**
     * One that never refuses: it tells what it would have refused, so that a limit can be tried out. Each use that is admitted counts in it,
     * also beyond its limit; one that another budget refuses does not. Its state is its own.
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
        if (policies.size() > MOST_POLICIES
                || policies.stream().map(Policy::name).distinct().count() < policies.size()
                || policies.stream().filter(Slots.class::isInstance).count() > 1) {
            throw new IllegalArgumentException("Policies need names of their own, and are at most " + MOST_POLICIES);
        }
        this.subject = subject;
        this.kind = subject.substring(0, subject.indexOf(':'));
        this.policies = policies.stream()
                .<Policy>map(policy -> policy)
                .sorted(Comparator.comparingInt(Budget::rank))
                .toList();
        this.slots = this.policies.stream()
                .filter(Slots.class::isInstance)
                .map(Slots.class::cast)
                .findFirst();
        this.shadow = shadow;
        this.keyEnd = "limit:" + subject + shape() + (shadow ? ":shadow" : "");
        this.plan = plan();
        this.leasable = !policies.isEmpty() && policies.stream().allMatch(Window.class::isInstance);
    }

    public String subject() {
        return subject;
    }

    /** Windows first, then buckets, then slots. */
    public List<Policy> policies() {
        return policies;
    }

    /** The subject's part before the colon. */
    public String kind() {
        return kind;
    }

    /** What follows the hash tag in its keys. */
    public String keyEnd() {
        return keyEnd;
    }

    /** Its policies as {@code lua/decide.lua} reads them; where there are slots, the id of the slot to take must follow. */
    public byte[] packed() {
        return plan;
    }

    public Optional<Slots> slots() {
        return slots;
    }

    /** Whether units may be taken long before they are used: of windows only. */
    public boolean isLeasable() {
        return leasable;
    }

    /** Whether it is of the same subject, with the same policies. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Budget budget
                        && shadow == budget.shadow
                        && subject.equals(budget.subject)
                        && policies.equals(budget.policies);
    }

    @Override
    public int hashCode() {
        return subject.hashCode();
    }

    /** Whether it only watches. */
    public boolean isShadow() {
        return shadow;
    }

    private static int rank(Policy policy) {
        return switch (policy) {
            case Window window -> 0;
            case TokenBucket bucket -> 1;
            case Slots slots -> 2;
        };
    }

    // State in Redis is read by position: windows of other lengths, or another number of policies, have a state of
    // their own.
    private String shape() {
        return policies.stream()
                .map(policy -> switch (policy) {
                    case Window window -> ":" + window.length().toMillis();
                    case TokenBucket bucket -> ":b";
                    case Slots held -> ":s";
                })
                .collect(Collectors.joining());
    }

    private byte[] plan() {
        var bytes = new ByteArrayOutputStream();
        try (var plan = new DataOutputStream(bytes)) {
            plan.writeByte(
                    (int) policies.stream().filter(Window.class::isInstance).count() + (shadow ? SHADOW : 0));
            for (var policy : policies) {
                if (policy instanceof Window window) {
                    plan.writeDouble(window.limit());
                    plan.writeDouble(window.lengthMicros());
                }
            }
            plan.writeByte((int)
                    policies.stream().filter(TokenBucket.class::isInstance).count());
            for (var policy : policies) {
                if (policy instanceof TokenBucket bucket) {
                    plan.writeDouble(bucket.limit());
                    plan.writeDouble(bucket.intervalMicros());
                }
            }
            plan.writeByte(slots.isPresent() ? 1 : 0);
            if (slots.isPresent()) {
                plan.writeDouble(slots.get().limit());
                plan.writeDouble(slots.get().lengthMicros());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
