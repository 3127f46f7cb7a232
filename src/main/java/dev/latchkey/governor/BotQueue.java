package dev.latchkey.governor;

import dev.latchkey.governor.GovernorScripts.Verdict;
import dev.latchkey.platform.id.Uuid7;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one bot that wait on this replica: first come, first served, but that nobody waits for a lane that is not theirs. One of them asks at a
 * time. A plain object: what time it is comes in, and nothing goes out. Safe for use by many threads.
 */
final class BotQueue {

    /**
     * A call on its way to its turn.
     *
     * @param end by {@link System#nanoTime()}: when it has waited for too long
     * @param gone ends when nobody wants it any more
     */
    record Waiter(Outgoing call, List<String> lanes, UUID slot, long end, Future<?> gone, Promise<Permit> permit) {

        static Waiter of(Outgoing call, List<String> lanes, long end, Future<?> gone) {
            return new Waiter(call, lanes, Uuid7.next(), end, gone, promise());
        }

        boolean isOver(long now) {
            return now - end >= 0;
        }

        /** For another turn of the same call. */
        Waiter anew() {
            return of(call, lanes, end, gone);
        }

        // Whoever waits goes on in the context of its own request, and not of the one whose answer let it go.
        private static Promise<Permit> promise() {
            var here = ContextInternal.current();
            return here == null ? Promise.promise() : here.promise();
        }
    }

    // Whoever is under way on another replica does not say here when it ends; it is looked for less and less.
    private static final Duration BUSY = Duration.ofMillis(15);
    private static final Duration LONGEST_BUSY = Duration.ofMillis(240);

    private static final String SLOTS = "slots";

    private final SequencedSet<Waiter> waiting = new LinkedHashSet<>();
    private final Map<String, Long> shutUntil = new HashMap<>();
    private Duration busy = BUSY;
    private @Nullable Waiter asking;
    private @Nullable Long alarm;

    synchronized void add(Waiter waiter) {
        waiting.add(waiter);
    }

    synchronized void addFirst(Waiter waiter) {
        waiting.addFirst(waiter);
    }

    synchronized int size() {
        return waiting.size();
    }

    synchronized boolean isIdle() {
        return waiting.isEmpty() && asking == null;
    }

    /** Who is to ask now; it counts as asking until {@link #answered} or {@link #failed}. Empty if nobody is, or somebody does. */
    synchronized Optional<Waiter> next(long now) {
        if (asking != null) {
            return Optional.empty();
        }
        shutUntil.values().removeIf(until -> now - until >= 0);
        var next = waiting.stream().filter(waiter -> !isShut(waiter)).findFirst();
        asking = next.orElse(null);
        return next;
    }

    private boolean isShut(Waiter waiter) {
        return shutUntil.containsKey(SLOTS) || waiter.lanes().stream().anyMatch(shutUntil::containsKey);
    }

    /** What the one who asked was told; it is here no longer if it may go. */
    synchronized void answered(Waiter waiter, Verdict verdict, long now) {
        asking = null;
        switch (verdict) {
            case Verdict.Go go -> {
                waiting.remove(waiter);
                busy = BUSY;
            }
            case Verdict.Wait(String lane, Duration time) -> shutUntil.put(lane, now + time.toNanos());
            case Verdict.Busy() -> {
                shutUntil.put(SLOTS, now + busy.toNanos());
                busy = busy.compareTo(LONGEST_BUSY) < 0 ? busy.multipliedBy(2) : LONGEST_BUSY;
            }
        }
    }

    /** The one who asked got no answer, and goes. */
    synchronized void failed(Waiter waiter) {
        asking = null;
        waiting.remove(waiter);
    }

    /** It waits no longer, unless it asks just now. Whether it did. */
    synchronized boolean withdraw(Waiter waiter) {
        return waiter != asking && waiting.remove(waiter);
    }

    /** A slot is free. */
    synchronized void freed() {
        shutUntil.remove(SLOTS);
    }

    /** A slot is free, and a place in each of its lanes, as it does not go out after all. */
    synchronized void opened(Waiter waiter) {
        freed();
        shutUntil.keySet().removeAll(waiter.lanes());
    }

    /** Those who have waited for too long, or would, but for the one who asks; they are here no longer. */
    synchronized List<Waiter> giveUp(long now) {
        var over = new ArrayList<Waiter>();
        waiting.removeIf(waiter -> {
            var isOver = waiter != asking && waiter.isOver(now + Math.max(0, left(waiter, now)));
            if (isOver) {
                over.add(waiter);
            }
            return isOver;
        });
        return over;
    }

    /** How long its lanes are shut at least, in nanoseconds. */
    synchronized long left(Waiter waiter, long now) {
        return waiter.lanes().stream()
                .mapToLong(lane -> shutUntil.getOrDefault(lane, now) - now)
                .max()
                .orElse(0);
    }

    /**
     * When somebody may ask or gives up, by {@link System#nanoTime()}: the alarm is to be set for then, and to tell by {@link #rang}. Empty if nobody waits,
     * somebody asks, or an alarm is set that rings before.
     */
    synchronized Optional<Long> alarm(long now) {
        if (asking != null || waiting.isEmpty()) {
            return Optional.empty();
        }
        var slots = shutUntil.getOrDefault(SLOTS, now) - now;
        var pause = waiting.stream()
                .mapToLong(waiter -> Math.min(waiter.end() - now, Math.max(slots, left(waiter, now))))
                .min()
                .orElse(0);
        var moment = now + Math.max(0, pause);
        if (alarm != null && alarm - moment <= 0) {
            return Optional.empty();
        }
        alarm = moment;
        return Optional.of(moment);
    }

    synchronized void rang(long moment) {
        if (alarm != null && alarm == moment) {
            alarm = null;
        }
    }
}
