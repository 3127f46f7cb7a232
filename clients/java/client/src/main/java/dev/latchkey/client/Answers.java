package dev.latchkey.client;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Answers that are kept, and what their use owes to limits. Whether they may be used is for the caller to know, from the feed of changes.
 *
 * <p>Another replica than the one that told of a change may answer from before it for most of a second. So what was asked within a second
 * after a change, or before it, is not kept.
 */
final class Answers {

    // The service's replicas differ by at most 750 ms.
    static final Duration SETTLING = Duration.ofSeconds(1);
    // The clock of this machine may be so much behind the service's.
    static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    private static final int CHANGED_MAX = 100_000;
    private static final String SLOTS = "concurrent_requests";

    private final long maxAgeNanos;
    private final int entriesMax;
    private final LongSupplier nanos;
    private final Clock clock;
    private final LinkedHashMap<Question, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);
    private final Debts debts;
    private final Map<String, Set<Question>> byName = new HashMap<>();
    // When each was heard of, oldest first.
    private final LinkedHashMap<String, Long> changed = new LinkedHashMap<>();
    private long resetNanos;

    Answers(Duration maxAge, int entriesMax, LongSupplier nanos, Clock clock) {
        this.maxAgeNanos = maxAge.toNanos();
        this.entriesMax = entriesMax;
        this.debts = new Debts(entriesMax);
        this.nanos = nanos;
        this.clock = clock;
        this.resetNanos = nanos.getAsLong();
    }

    /** The answer to a question of this cost, for which it now owes; empty if there is none that may be used. */
    synchronized Optional<Verification> use(Question question, long cost) {
        var slot = slots.get(question);
        if (slot == null || slot.answer == null) {
            return Optional.empty();
        }
        if (nanos.getAsLong() - slot.untilNanos >= 0 || slot.answer.valid() && cost > slot.budget) {
            slot.answer = null;
            return Optional.empty();
        }
        if (slot.answer.valid()) {
            slot.budget -= cost;
            debts.add(question, cost, costMax(slot.answer));
        }
        return Optional.of(slot.answer);
    }

    /** What is owed for the question, and is owed no more: it goes with the next real one of this cost. */
    synchronized long takeOwed(Question question, long cost) {
        return debts.take(question, cost);
    }

    /** It was not charged. */
    synchronized void giveBack(Question question, long owed) {
        debts.giveBack(question, owed);
    }

    /** It was charged. */
    synchronized void settle(Question question) {
        debts.settle(question);
    }

    /** How much a question may cost at most, by what an answer says of its limits. */
    synchronized void bound(Question question, Verification answer) {
        debts.bound(question, costMax(answer));
    }

    /** Keeps the answer if that is safe. */
    synchronized void keep(Question question, Verification answer, long sentNanos) {
        var heard = changed.get(question.name());
        var ageNanos = maxAge(answer);
        if (ageNanos <= 0
                || budget(answer) <= 0
                || sentNanos - resetNanos < SETTLING.toNanos()
                || heard != null && sentNanos - heard < SETTLING.toNanos()) {
            return;
        }
        var slot = slot(question);
        slot.answer = answer;
        slot.untilNanos = sentNanos + ageNanos;
        slot.budget = budget(answer);
    }

    /** Forgets all answers about the tokens of these names. */
    synchronized void forget(Collection<String> names) {
        var now = nanos.getAsLong();
        changed.values().removeIf(heard -> now - heard >= SETTLING.toNanos());
        for (var name : names) {
            byName.getOrDefault(name, Set.of()).forEach(question -> slots.get(question).answer = null);
            changed.remove(name);
            changed.put(name, now);
        }
        if (changed.size() > CHANGED_MAX) {
            forgetAll();
        }
    }

    synchronized void forgetAll() {
        slots.values().forEach(slot -> slot.answer = null);
        changed.clear();
        resetNanos = nanos.getAsLong();
    }

    synchronized int size() {
        return slots.size();
    }

    private Slot slot(Question question) {
        var slot = slots.get(question);
        if (slot == null) {
            slot = new Slot();
            slots.put(question, slot);
            byName.computeIfAbsent(question.name(), name -> new HashSet<>()).add(question);
            if (slots.size() > entriesMax) {
                remove(slots.keySet().iterator().next());
            }
        }
        return slot;
    }

    private void remove(Question question) {
        slots.remove(question);
        byName.computeIfPresent(question.name(), (name, questions) -> {
            questions.remove(question);
            return questions.isEmpty() ? null : questions;
        });
    }

    private long maxAge(Verification answer) {
        return switch (answer.code()) {
            case RATE_LIMITED, USAGE_EXCEEDED, UNAVAILABLE, UNVERIFIED, UNKNOWN -> 0;
            case MALFORMED, NOT_FOUND, REVOKED, DISABLED, EXPIRED, FORBIDDEN_IP, INSUFFICIENT_SCOPE -> maxAgeNanos;
            case VALID ->
                answer.expiresAt()
                        .map(at -> Duration.between(clock.instant(), at).minus(CLOCK_SKEW))
                        .filter(left -> left.compareTo(Duration.ofNanos(maxAgeNanos)) < 0)
                        .map(Duration::toNanos)
                        .orElse(maxAgeNanos);
        };
    }

    /** How much may be used without asking: down to a tenth of each limit, and nothing of credits; and of slots each call takes its own. */
    private static long budget(Verification answer) {
        if (answer.credits().isPresent()
                || answer.lease().isPresent()
                || answer.rateLimits().stream().anyMatch(limit -> limit.name().equals(SLOTS))) {
            return 0;
        }
        return answer.rateLimits().stream()
                .mapToLong(limit -> limit.remaining() - (limit.limit() + 9) / 10)
                .min()
                .orElse(Debts.NO_LIMIT);
    }

    private static long costMax(Verification answer) {
        return answer.rateLimits().stream()
                .mapToLong(Verification.RateLimit::limit)
                .min()
                .orElse(Debts.NO_LIMIT);
    }

    private static final class Slot {
        private Verification answer;
        private long untilNanos;
        private long budget;
    }
}
