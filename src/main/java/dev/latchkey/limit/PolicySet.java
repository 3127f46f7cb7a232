package dev.latchkey.limit;

import com.github.benmanes.caffeine.cache.Interner;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The policies of budgets, and what is computed of them. Many subjects have the same: they share one. */
final class PolicySet {

    private static final Interner<PolicySet> KNOWN = Interner.newWeakInterner();
    private static final int MOST_POLICIES = 16;
    // Added to the number of windows in the plan.
    private static final int SHADOW = 128;

    final List<Policy> policies;
    final boolean shadow;
    final Optional<Slots> slots;
    final boolean onlyWindows;
    /** What the keys of its state end with: state in Redis is read by position, so that other lengths, or another number of policies, have a state of their own. */
    final String shape;
    /** As the script of decisions reads it. */
    final byte[] packed;

    private PolicySet(List<? extends Policy> policies, boolean shadow) {
        if (policies.size() > MOST_POLICIES
                || policies.stream().map(Policy::name).distinct().count() < policies.size()
                || policies.stream().filter(Slots.class::isInstance).count() > 1) {
            throw new IllegalArgumentException("Policies need names of their own, and are at most " + MOST_POLICIES);
        }
        this.policies = policies.stream()
                .<Policy>map(policy -> policy)
                .sorted(Comparator.comparingInt(PolicySet::rank))
                .toList();
        this.shadow = shadow;
        this.slots = this.policies.stream()
                .filter(Slots.class::isInstance)
                .map(Slots.class::cast)
                .findFirst();
        this.onlyWindows = !policies.isEmpty() && policies.stream().allMatch(Window.class::isInstance);
        this.shape =
                this.policies.stream().map(PolicySet::shape).collect(Collectors.joining()) + (shadow ? ":shadow" : "");
        this.packed = pack();
    }

    static PolicySet of(List<? extends Policy> policies, boolean shadow) {
        return KNOWN.intern(new PolicySet(policies, shadow));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PolicySet set && shadow == set.shadow && policies.equals(set.policies);
    }

    @Override
    public int hashCode() {
        return policies.hashCode();
    }

    private static int rank(Policy policy) {
        return switch (policy) {
            case Window window -> 0;
            case TokenBucket bucket -> 1;
            case Slots slots -> 2;
        };
    }

    private static String shape(Policy policy) {
        return switch (policy) {
            case Window window -> ":" + window.length().toMillis();
            case TokenBucket bucket -> ":b";
            case Slots held -> ":s";
        };
    }

    private byte[] pack() {
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
